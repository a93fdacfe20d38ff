package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import java.util.Arrays;
import java.util.Random;

/** Drawn window attributes over one to three dimensions, corners included, and their meaning. */
final class DrawnWindows {
  final int rank;
  final int[] input;
  final int[] kernel;
  final int[] strides;
  final int[] dilations;
  final int[] pads;
  final String autoPad;
  final boolean ceil;

  DrawnWindows(Random random, boolean pool) {
    rank = random.nextInt(1, 4);
    kernel = draw(random, rank, 1, 4);
    strides = draw(random, rank, 1, 4);
    dilations = draw(random, rank, 1, 3);
    autoPad = random.nextInt(3) > 0 ? "NOTSET" : pick(random, "VALID", "SAME_UPPER", "SAME_LOWER");
    pads = new int[2 * rank];
    input = new int[rank];
    ceil = pool && random.nextBoolean();
    for (int i = 0; i < rank; i++) {
      int extent = (kernel[i] - 1) * dilations[i] + 1;
      pads[i] = random.nextInt(0, pool ? kernel[i] : 4);
      pads[i + rank] = random.nextInt(0, pool ? kernel[i] : 4);
      boolean padded = autoPad.equals("NOTSET");
      int least =
          autoPad.startsWith("SAME") ? 1 : padded ? extent - pads[i] - pads[i + rank] : extent;
      input[i] = Math.max(1, least) + random.nextInt(4);
    }
  }

  private static int[] draw(Random random, int count, int from, int to) {
    return random.ints(count, from, to).toArray();
  }

  private static String pick(Random random, String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  Attributes attributes() {
    Attributes attributes =
        Attributes.NONE
            .with(WindowGeometry.STRIDES, DrawnCall.list(strides))
            .with(WindowGeometry.DILATIONS, DrawnCall.list(dilations))
            .with(WindowGeometry.AUTO_PAD, autoPad);
    if (autoPad.equals("NOTSET")) {
      attributes = attributes.with(WindowGeometry.PADS, DrawnCall.list(pads));
    }
    return ceil ? attributes.with(WindowGeometry.CEIL_MODE, 1L) : attributes;
  }

  /** The pads along a dimension: before, after. */
  int[] padding(int axis) {
    int extent = (kernel[axis] - 1) * dilations[axis] + 1;
    return switch (autoPad) {
      case "VALID" -> new int[] {0, 0};
      case "SAME_UPPER", "SAME_LOWER" -> {
        int windows = (input[axis] + strides[axis] - 1) / strides[axis];
        int total = Math.max(0, (windows - 1) * strides[axis] + extent - input[axis]);
        int small = total / 2;
        yield autoPad.equals("SAME_UPPER")
            ? new int[] {small, total - small}
            : new int[] {total - small, small};
      }
      default -> new int[] {pads[axis], pads[axis + rank]};
    };
  }

  /** Counts the windows of a dimension one by one. */
  int output(int axis) {
    int[] padding = padding(axis);
    int extent = (kernel[axis] - 1) * dilations[axis] + 1;
    int end = input[axis] + padding[1];
    int count = 0;
    for (int start = -padding[0]; ; start += strides[axis]) {
      boolean fits = start + extent <= end;
      boolean partial = ceil && start < input[axis] && start - strides[axis] + extent < end;
      if (!fits && !partial) {
        return count;
      }
      count++;
    }
  }

  int[] outputs() {
    int[] sizes = new int[rank];
    Arrays.setAll(sizes, this::output);
    return sizes;
  }

  /** The position of a tap of a window along a dimension, or -1 outside the input. */
  int position(int axis, int window, int tap) {
    int at = window * strides[axis] - padding(axis)[0] + tap * dilations[axis];
    return at < input[axis] ? Math.max(at, -1) : -1;
  }

  @Override
  public String toString() {
    return "input "
        + Arrays.toString(input)
        + " kernel "
        + Arrays.toString(kernel)
        + " ceil "
        + ceil
        + " "
        + attributes();
  }
}
