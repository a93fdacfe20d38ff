package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.Node;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.tensor.Shape;

/**
 * How constant weights belong to the output channels of their operator.
 *
 * <p>Parameters lie along one axis of the weights. A ConvTranspose has {@code [C, M / group, …]}:
 * its axis 1 has one entry for all groups together, so output channels {@code c} and {@code c + M /
 * group} share theirs.
 *
 * @param axis axis of the weights along which parameters may differ; -1 where there is none
 * @param entries size of that axis; 1 where there is none
 * @param count number of output channels
 * @param inner elements of the weights behind one index of the axis
 * @param depth indices before the axis that belong to one group
 */
record OutputChannels(int axis, int entries, int count, long inner, int depth) {
  private static final Attribute<Long> GROUP = Attribute.ofInt("group", 1);

  /** The channels of an operator whose weights have a static shape. */
  static OutputChannels of(Node node, Shape weights) {
    int axis = WeightedOperator.channelAxis(node, weights);
    if (axis < 0) {
      return new OutputChannels(-1, 1, 1, 1, 1);
    }
    long inner = 1;
    for (int d = axis + 1; d < weights.rank(); d++) {
      inner *= weights.size(d);
    }
    int entries = weights.intSize(axis);
    int groups =
        WeightedOperator.isTransposedConvolution(node) ? node.attributes().getInt(GROUP) : 1;
    int depth = axis == 0 ? 1 : Math.max(1, weights.intSize(0) / groups);
    return new OutputChannels(axis, entries, entries * groups, inner, depth);
  }

  /** The output channel that a weight belongs to, by its flat position. */
  int channel(int flat) {
    if (axis < 0) {
      return 0;
    }
    long index = flat / inner;
    int entry = (int) (index % entries);
    return count == entries ? entry : (int) (index / entries / depth) * entries + entry;
  }

  /** The entry along the axis that holds the parameters of an output channel. */
  int entry(int channel) {
    return channel % entries;
  }
}
