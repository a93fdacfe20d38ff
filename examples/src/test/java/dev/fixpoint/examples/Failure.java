package dev.fixpoint.examples;

import ai.onnxruntime.OrtException;
import dev.fixpoint.ir.Graph;
import java.util.ArrayList;
import java.util.List;

/**
 * A graph that widely used tools get wrong.
 *
 * @param graph its name
 * @param elsewhere what was seen there
 * @param here asserts what this project makes of it, and says it in a few words
 * @param peer says what ONNX Runtime makes of it on this machine
 */
record Failure(String graph, String elsewhere, Look here, Look peer) {
  /** Looks at a graph. */
  @FunctionalInterface
  interface Look {
    /** What there is to see. */
    String at(Graph graph) throws OrtException;
  }

  private static final Look NOT_RUN = _ -> "";
  private static final String QUANTIZER = "ONNX Runtime's quantizer: ";
  private static final String SESSION = "ONNX Runtime, while loading: ";
  private static final String KERNEL = "ONNX Runtime's kernel: ";
  private static final String REFERENCE = "ONNX's reference: ";

  private static Failure told(String graph, String elsewhere, Look here) {
    return new Failure(graph, elsewhere, here, NOT_RUN);
  }

  /** Whether the peer is run on this graph. */
  boolean isRun() {
    return peer != NOT_RUN;
  }

  /** All of them, in the order of {@link FailureGraphs#NAMES}. */
  static List<Failure> all() {
    List<Failure> all = new ArrayList<>(quantizers());
    all.addAll(runtimes());
    all.addAll(others());
    return all;
  }

  private static List<Failure> quantizers() {
    return List.of(
        told(
            "relu-beside-another-reader",
            QUANTIZER
                + "the Relu is erased, the other reader too gets its result; off by 3.16 of 6.41",
            QuantizerFailures::staysClose),
        told(
            "gemm-factors",
            QUANTIZER + "wrong scale of the bias; off by 8.25 of 12.4 up to 27.3 of 29.0",
            QuantizerFailures::staysClose),
        told(
            "calibration-in-chunks",
            QUANTIZER + "a chunk is dropped before it is merged; the scale is 20 times too small",
            QuantizerFailures::everyBatchCounts),
        told(
            "entropy-with-an-outlier",
            QUANTIZER + "a single candidate threshold, the result is that of the extremes",
            QuantizerFailures::entropyCutsTheOutlier),
        told(
            "relu-before-a-symmetric-quantizer",
            QUANTIZER + "the Relu is erased; off by 5.26 of 6.60",
            QuantizerFailures::staysCloseSymmetrically),
        told(
            "bias-of-two-convolutions",
            QUANTIZER + "quantized once, by name; off by 7,741 where the largest result is 4,796",
            QuantizerFailures::staysClose),
        told(
            "constant-of-two-pads",
            QUANTIZER + "a file with an initializer that does not exist",
            QuantizerFailures::staysClose),
        told(
            "gemm-with-a-matrix-added",
            QUANTIZER + "breaks off with an exception, per channel",
            QuantizerFailures::runsWhatItCan));
  }

  private static List<Failure> runtimes() {
    return List.of(
        new Failure(
            "float-weights-between-quantizers",
            SESSION + "the weights are quantized per tensor; off by 2 to 3 of 7.8 to 11.8",
            RuntimeFailures::runsAsWritten,
            RuntimeFailures::peerRewrites),
        new Failure(
            "two-pairs-in-a-row",
            SESSION + "merged into one pair with new parameters; off by 0.0175",
            RuntimeFailures::runsAsWritten,
            RuntimeFailures::peerRewrites),
        new Failure(
            "int8-without-a-zero-point",
            SESSION + "an unsigned quantizer is inserted; negative numbers become 0",
            RuntimeFailures::runsAsWritten,
            RuntimeFailures::peerRewrites),
        new Failure(
            "mean-sum-and-product",
            KERNEL + "rounds at another place; 281 of 65,536 products differ by a step",
            RuntimeFailures::roundsOnce,
            RuntimeFailures::peerRewrites),
        new Failure(
            "full-range-bytes",
            KERNEL + "sums saturate at 16 bits on AVX2; 48,146 of 65,536 results are wrong",
            RuntimeFailures::kernelsAreExact,
            RuntimeFailures::peerDiffers),
        new Failure(
            "far-beyond-the-range",
            REFERENCE + "wraps around; 1e12 and infinity become 0",
            RuntimeFailures::saturates,
            RuntimeFailures::peerDiffers),
        new Failure(
            "ties-with-an-odd-zero-point",
            REFERENCE + "the zero point is added before rounding; ties go the other way",
            RuntimeFailures::kernelsAreExact,
            RuntimeFailures::peerDiffers),
        new Failure(
            "dynamic-quantization-of-zeros",
            REFERENCE + "the scale is 1/255 there and 1 in ONNX Runtime",
            RuntimeFailures::zerosAreExact,
            RuntimeFailures::peerDiffers));
  }

  private static List<Failure> others() {
    return List.of(
        told(
            "halves-of-a-step",
            "PyTorch's fake quantizer: multiplies by the reciprocal; 21,356 of 2,000,000 are off by one",
            RuntimeFailures::divides),
        told(
            "infinity-in-calibration-data",
            QUANTIZER + "an assertion about a scale for infinity, NaN is ignored",
            QuantizerFailures::namesTheSample),
        told(
            "dead-channel",
            "any quantizer per tensor: weights of 60.7 beside 0.19 leave the others three steps",
            QuantizerFailures::staysClose));
  }
}
