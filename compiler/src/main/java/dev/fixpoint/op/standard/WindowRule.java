package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The window attributes of a call, checked and with defaults filled in, before the size of the
 * input is known.
 */
final class WindowRule {
  private enum AutoPad {
    NOTSET,
    VALID,
    SAME_UPPER,
    SAME_LOWER
  }

  private final int[] kernel;
  private final int[] strides;
  private final int[] dilations;
  private final int[] pads;
  private final AutoPad autoPad;
  private final boolean ceil;

  private WindowRule(
      int[] kernel, int[] strides, int[] dilations, int[] pads, AutoPad autoPad, boolean ceil) {
    this.kernel = kernel;
    this.strides = strides;
    this.dilations = dilations;
    this.pads = pads;
    this.autoPad = autoPad;
    this.ceil = ceil;
  }

  static WindowRule of(Attributes attributes, int[] kernel) {
    int rank = kernel.length;
    for (int taps : kernel) {
      require(taps >= 1, "a window of " + Arrays.toString(kernel) + " taps is empty");
    }
    return new WindowRule(
        kernel,
        list(attributes, WindowGeometry.STRIDES, rank, 1, 1),
        list(attributes, WindowGeometry.DILATIONS, rank, 1, 1),
        list(attributes, WindowGeometry.PADS, 2 * rank, 0, 0),
        autoPad(attributes),
        attributes.isSet(WindowGeometry.CEIL_MODE));
  }

  private static AutoPad autoPad(Attributes attributes) {
    String text = attributes.get(WindowGeometry.AUTO_PAD);
    for (AutoPad known : AutoPad.values()) {
      if (known.name().equals(text)) {
        return known;
      }
    }
    if (text.isEmpty()) {
      return AutoPad.NOTSET;
    }
    throw new IllegalArgumentException(
        "auto_pad should be one of " + Arrays.toString(AutoPad.values()) + ", but is " + text);
  }

  /** A list attribute as ints, or the default for all where absent. */
  static int[] list(
      Attributes attributes, Attribute<List<Long>> key, int count, int fallback, int least) {
    List<Long> given = attributes.find(key);
    int[] values = new int[count];
    Arrays.fill(values, fallback);
    if (given == null || given.isEmpty()) {
      return values;
    }
    require(
        given.size() == count,
        "attribute '" + key + "' should have " + count + " entries, but has " + given.size());
    for (int i = 0; i < count; i++) {
      long value = given.get(i);
      require(
          value >= least && value <= Integer.MAX_VALUE,
          "attribute '" + key + "' holds " + value + ", which is not at least " + least);
      values[i] = (int) value;
    }
    return values;
  }

  /** The windows along a dimension of known size. */
  WindowGeometry.Axis axis(int i, int input) {
    long extent = extent(i);
    long begin = autoPad == AutoPad.NOTSET ? pads[i] : 0;
    long end = autoPad == AutoPad.NOTSET ? pads[i + kernel.length] : 0;
    if (autoPad == AutoPad.SAME_UPPER || autoPad == AutoPad.SAME_LOWER) {
      long windows = Math.ceilDiv(input, strides[i]);
      long total = Math.max((windows - 1) * strides[i] + extent - input, 0);
      begin = autoPad == AutoPad.SAME_UPPER ? total / 2 : total - total / 2;
      end = total - begin;
    }
    require(
        input + begin + end <= Integer.MAX_VALUE,
        "pads of " + begin + " and " + end + " around " + input + " positions are too large");
    long free = input + begin + end - extent;
    require(
        free >= 0,
        "a window that spans "
            + extent
            + " positions does not fit into "
            + (input + begin + end)
            + " along spatial dimension "
            + i);
    long output = free / strides[i] + 1;
    boolean hasPartial = ceil && free % strides[i] != 0;
    if (hasPartial && output * strides[i] < input + begin) {
      output++;
    }
    return new WindowGeometry.Axis(
        input,
        kernel[i],
        strides[i],
        dilations[i],
        Math.toIntExact(begin),
        Math.toIntExact(end),
        Math.toIntExact(output));
  }

  /** How much longer the output is than the input, or null where that depends on its size. */
  @Nullable Long growth(int i) {
    if (strides[i] != 1) {
      return null;
    }
    return switch (autoPad) {
      case NOTSET -> (long) pads[i] + pads[i + kernel.length] - extent(i) + 1;
      case VALID -> 1 - extent(i);
      case SAME_UPPER, SAME_LOWER -> 0L;
    };
  }

  /** Whether a tap can lie in the pads, for any size of the input. */
  boolean mayBePadded(int i, int tap) {
    long before = (long) tap * dilations[i];
    long after = (long) (kernel[i] - 1 - tap) * dilations[i];
    return switch (autoPad) {
      case NOTSET -> before < pads[i] || after < pads[i + kernel.length];
      case VALID -> false;
      case SAME_UPPER, SAME_LOWER -> kernel[i] > 1;
    };
  }

  /** Whether some window can have no tap inside the input, for some size of it. */
  boolean mayMissInput() {
    for (int i = 0; i < kernel.length; i++) {
      int end = pads[i + kernel.length];
      boolean unpadded = autoPad == AutoPad.VALID || (pads[i] == 0 && end == 0);
      boolean overlaps = autoPad != AutoPad.NOTSET || Math.max(pads[i], end) < extent(i);
      if (!(unpadded && !ceil) && !(dilations[i] == 1 && overlaps)) {
        return true;
      }
    }
    return false;
  }

  private long extent(int i) {
    return (long) (kernel[i] - 1) * dilations[i] + 1;
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }
}
