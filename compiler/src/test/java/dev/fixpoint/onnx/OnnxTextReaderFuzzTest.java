package dev.fixpoint.onnx;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fixpoint.ir.ModelException;

/** Any text at all is a graph or a refusal: no other exception, no endless work, no lost heap. */
class OnnxTextReaderFuzzTest {
  @FuzzTest(maxDuration = "10s")
  void textIsAGraphOrARefusal(FuzzedDataProvider data) {
    try {
      OnnxTextReader.read("fuzz", data.consumeRemainingAsString());
    } catch (ModelException refused) {
      if (String.valueOf(refused.getMessage()).isBlank()) {
        throw new AssertionError("a refusal without a message", refused);
      }
    }
  }
}
