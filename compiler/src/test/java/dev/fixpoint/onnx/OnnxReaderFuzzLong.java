package dev.fixpoint.onnx;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** {@link OnnxReaderFuzzTest} for half an hour; runs in the profile {@code long} only. */
class OnnxReaderFuzzLong {
  private final OnnxReaderFuzzTest target = new OnnxReaderFuzzTest();

  @FuzzTest(maxDuration = "30m")
  void bytesAreAGraphOrARefusal(byte[] bytes) {
    target.bytesAreAGraphOrARefusal(bytes);
  }
}
