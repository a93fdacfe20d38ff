package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.tensor.Dimension;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The windows that a convolution or a pool slides over its input: any number of spatial dimensions,
 * of which the last runs along rows of flat arrays.
 */
final class SlidingWindow {
  static final Attribute<String> AUTO_PAD = Attribute.ofString("auto_pad", "NOTSET");
  static final Attribute<List<Long>> DILATIONS = Attribute.ofInts("dilations");
  static final Attribute<Long> GROUP = Attribute.ofInt("group", 1);
  static final Attribute<List<Long>> KERNEL_SHAPE = Attribute.ofInts("kernel_shape");
  static final Attribute<List<Long>> PADS = Attribute.ofInts("pads");
  static final Attribute<List<Long>> STRIDES = Attribute.ofInts("strides");
  static final Attribute<Long> CEIL_MODE = Attribute.ofInt("ceil_mode", 0);
  static final Attribute<Long> COUNT_INCLUDE_PAD = Attribute.ofInt("count_include_pad", 0);

  /** One spatial dimension of a window whose input size is known. */
  private record Extent(
      int input, int kernel, int output, int stride, int dilation, int pad, int padEnd) {

    int tapsInsidePadding(int position) {
      int room = input + padEnd - (position * stride - pad);
      return Math.min(kernel, Math.ceilDiv(room, dilation));
    }
  }

  private final List<Extent> extents;
  private final int rows;
  private final int taps;
  private final int[] rowBases;

  private SlidingWindow(List<Extent> extents) {
    this.extents = extents;
    int outerRows = 1;
    int allTaps = 1;
    for (int d = 0; d < extents.size(); d++) {
      allTaps = Math.multiplyExact(allTaps, extents.get(d).kernel);
      outerRows *= d + 1 < extents.size() ? extents.get(d).output : 1;
    }
    this.rows = outerRows;
    this.taps = allTaps;
    this.rowBases = rowBases();
  }

  /** The windows over an input with the given spatial sizes. */
  static SlidingWindow of(Attributes attributes, int[] input, int[] kernel) {
    Extent[] extents = new Extent[input.length];
    for (int d = 0; d < input.length; d++) {
      extents[d] = extent(attributes, d, input.length, input[d], kernel[d]);
    }
    return new SlidingWindow(List.of(extents));
  }

  private static Extent extent(Attributes attributes, int d, int rank, int input, int kernel) {
    int stride = entry(attributes, STRIDES, d, rank, 1);
    int dilation = entry(attributes, DILATIONS, d, rank, 1);
    int begin = entry(attributes, PADS, d, 2 * rank, 0);
    int end = entry(attributes, PADS, d + rank, 2 * rank, 0);
    if (stride < 1 || dilation < 1 || kernel < 1 || begin < 0 || end < 0) {
      throw new IllegalArgumentException(
          "strides, dilations and kernel sizes are at least 1, pads at least 0");
    }
    int reach = Math.addExact(Math.multiplyExact(dilation, kernel - 1), 1);
    String autoPad = attributes.get(AUTO_PAD);
    if (autoPad.equals("SAME_UPPER") || autoPad.equals("SAME_LOWER")) {
      int output = Math.ceilDiv(input, stride);
      int total = Math.max((output - 1) * stride + reach - input, 0);
      int pad = autoPad.equals("SAME_UPPER") ? total / 2 : total - total / 2;
      return new Extent(input, kernel, output, stride, dilation, pad, total - pad);
    }
    if (autoPad.equals("VALID")) {
      begin = 0;
      end = 0;
    }
    int room = input + begin + end - reach;
    int output = outputSize(attributes, input + begin, room, stride);
    return new Extent(input, kernel, output, stride, dilation, begin, end);
  }

  private static int outputSize(Attributes attributes, int insideOrBegin, int room, int stride) {
    if (room < 0) {
      return 0;
    }
    if (!attributes.isSet(CEIL_MODE)) {
      return room / stride + 1;
    }
    int size = Math.ceilDiv(room, stride) + 1;
    // A window must not start in the padding after the end.
    return (size - 1) * stride >= insideOrBegin ? size - 1 : size;
  }

  private static int entry(
      Attributes attributes, Attribute<List<Long>> key, int index, int count, int absent) {
    List<Long> entries = attributes.find(key);
    if (entries == null || entries.isEmpty()) {
      return absent;
    }
    if (entries.size() != count) {
      throw new IllegalArgumentException(
          key + " has " + entries.size() + " entries, but " + count + " are needed");
    }
    return Math.toIntExact(entries.get(index));
  }

  /**
   * The spatial dimensions of the output for spatial dimensions of the input that may be unknown.
   */
  static List<Dimension> infer(
      Attributes attributes, List<Dimension> input, List<Dimension> kernel) {
    Dimension[] output = new Dimension[input.size()];
    for (int d = 0; d < output.length; d++) {
      output[d] = Dimension.UNKNOWN;
      if (kernel.get(d) instanceof Dimension.Fixed size) {
        int k = Math.toIntExact(size.size());
        if (input.get(d) instanceof Dimension.Fixed fixed) {
          int sized = Math.toIntExact(fixed.size());
          output[d] = Dimension.of(extent(attributes, d, output.length, sized, k).output);
        } else if (keepsEverySize(attributes, d, output.length, k)) {
          output[d] = input.get(d);
        }
      }
    }
    return List.of(output);
  }

  private static boolean keepsEverySize(Attributes attributes, int d, int rank, int kernel) {
    if (attributes.isSet(CEIL_MODE) || entry(attributes, STRIDES, d, rank, 1) != 1) {
      return false;
    }
    Extent small = extent(attributes, d, rank, 1 << 20, kernel);
    return small.output == 1 << 20;
  }

  /** The kernel sizes: the attribute, or else the spatial dimensions of the weights. */
  static List<Dimension> kernel(Attributes attributes, List<Dimension> weights) {
    List<Long> given = attributes.find(KERNEL_SHAPE);
    if (given == null || given.isEmpty()) {
      return weights;
    }
    if (given.size() != weights.size()) {
      throw new IllegalArgumentException(
          "kernel_shape " + given + " does not fit weights with dimensions " + weights);
    }
    for (int d = 0; d < given.size(); d++) {
      if (!weights.get(d).isCompatibleWith(Dimension.of(given.get(d)))) {
        throw new IllegalArgumentException(
            "kernel_shape " + given + " does not fit weights with dimensions " + weights);
      }
    }
    return given.stream().map(Dimension::of).toList();
  }

  /** The kernel sizes of a pool, which its attribute must give. */
  static List<Dimension> poolKernel(Attributes attributes, int spatialRank) {
    return kernel(attributes, Collections.nCopies(spatialRank, Dimension.UNKNOWN));
  }

  /** Positions of a window in the kernel. */
  int taps() {
    return taps;
  }

  /** Output positions. */
  int outputCount() {
    return rows * width();
  }

  /** Input positions. */
  int inputCount() {
    return extents.stream().mapToInt(Extent::input).reduce(1, Math::multiplyExact);
  }

  /** Spatial sizes of the output. */
  long[] outputSizes() {
    return extents.stream().mapToLong(Extent::output).toArray();
  }

  private int width() {
    return extents.getLast().output;
  }

  /**
   * How many taps of each window count for a mean: those inside the input, or those inside the
   * padded input.
   */
  int[] tapCounts(boolean includePad) {
    int[] counts = new int[outputCount()];
    if (!includePad) {
      int[] ones = new int[inputCount()];
      Arrays.fill(ones, 1);
      for (int tap = 0; tap < taps; tap++) {
        add(tap, 1, ones, 0, counts);
      }
      return counts;
    }
    for (int i = 0; i < counts.length; i++) {
      int rest = i;
      counts[i] = 1;
      for (int d = extents.size() - 1; d >= 0; d--) {
        Extent e = extents.get(d);
        counts[i] *= e.tapsInsidePadding(rest % e.output);
        rest /= e.output;
      }
    }
    return counts;
  }

  /** Adds {@code weight * x} at one tap of every window that lies inside the input. */
  void add(int tap, int weight, int[] x, int offset, int[] plane) {
    Extent last = extents.getLast();
    int from = from(tap, last);
    int to = to(tap, last);
    int shift = offset + column(tap, last);
    for (int row = 0; row < rows; row++) {
      int base = rowBases[tap * rows + row];
      if (base >= 0) {
        int in = base + shift + from * last.stride;
        int end = row * last.output + to;
        for (int out = row * last.output + from; out < end; out++) {
          plane[out] += weight * x[in];
          in += last.stride;
        }
      }
    }
  }

  /** As {@link #add}, in 64 bits. */
  void addWide(int tap, int weight, int[] x, int offset, long[] plane) {
    Extent last = extents.getLast();
    int from = from(tap, last);
    int to = to(tap, last);
    int shift = offset + column(tap, last);
    for (int row = 0; row < rows; row++) {
      int base = rowBases[tap * rows + row];
      if (base >= 0) {
        int in = base + shift + from * last.stride;
        for (int out = row * last.output + from; out < row * last.output + to; out++) {
          plane[out] += (long) weight * x[in];
          in += last.stride;
        }
      }
    }
  }

  private static int column(int tap, Extent last) {
    return tap % last.kernel * last.dilation - last.pad;
  }

  private static int from(int tap, Extent last) {
    return Math.min(last.output, Math.max(0, Math.ceilDiv(-column(tap, last), last.stride)));
  }

  private static int to(int tap, Extent last) {
    int beyond = Math.ceilDiv(last.input - column(tap, last), last.stride);
    return Math.max(from(tap, last), Math.min(last.output, beyond));
  }

  /** Start of the input row under each tap and output row; -1 where it lies in the padding. */
  private int[] rowBases() {
    int[] bases = new int[Math.multiplyExact(taps, rows)];
    int outer = extents.size() - 1;
    for (int tap = 0; tap < taps; tap++) {
      for (int row = 0; row < rows; row++) {
        int restTap = tap / extents.getLast().kernel;
        int restRow = row;
        int pitch = extents.getLast().input;
        int base = 0;
        for (int d = outer - 1; d >= 0; d--) {
          Extent e = extents.get(d);
          int at = restRow % e.output * e.stride + restTap % e.kernel * e.dilation - e.pad;
          base = base < 0 || at < 0 || at >= e.input ? -1 : base + at * pitch;
          pitch *= e.input;
          restRow /= e.output;
          restTap /= e.kernel;
        }
        bases[tap * rows + row] = base;
      }
    }
    return bases;
  }
}
