package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.tensor.Shape;

/** The index along an axis for each element of a tensor. */
final class ChannelMap {
  private ChannelMap() {}

  /** The entry of each element, in row-major order; 0 for a tensor without that axis. */
  static int[] of(Shape shape, Spread.Along channels) {
    int[] map = new int[Math.toIntExact(shape.elementCount())];
    if (shape.rank() <= channels.axis()) {
      return map;
    }
    int inner = 1;
    for (int axis = channels.axis() + 1; axis < shape.rank(); axis++) {
      inner *= shape.intSize(axis);
    }
    for (int i = 0; i < map.length; i++) {
      map[i] = i / inner % channels.count();
    }
    return map;
  }
}
