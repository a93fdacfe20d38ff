package dev.fixpoint.onnx;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fixpoint.ir.ModelException;

/** Any bytes at all are a graph or a refusal: no other exception, no endless work, no lost heap. */
class OnnxReaderFuzzTest {
  @FuzzTest(maxDuration = "10s")
  void bytesAreAGraphOrARefusal(byte[] bytes) {
    try {
      OnnxReader.read(bytes);
    } catch (ModelException refused) {
      if (String.valueOf(refused.getMessage()).isBlank()) {
        throw new AssertionError("a refusal without a message", refused);
      }
    }
  }
}
