package dev.fixpoint.onnx;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** {@link OnnxTextReaderFuzzTest} for half an hour; runs in the profile {@code long} only. */
class OnnxTextReaderFuzzLong {
  private final OnnxTextReaderFuzzTest target = new OnnxTextReaderFuzzTest();

  @FuzzTest(maxDuration = "30m")
  void textIsAGraphOrARefusal(FuzzedDataProvider data) {
    target.textIsAGraphOrARefusal(data);
  }
}
