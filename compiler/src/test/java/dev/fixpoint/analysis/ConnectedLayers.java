package dev.fixpoint.analysis;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.Cast;
import dev.fixpoint.op.standard.DepthToSpace;
import dev.fixpoint.op.standard.LinearAttention;
import dev.fixpoint.op.standard.MaxRoiPool;
import dev.fixpoint.op.standard.RoiAlign;
import dev.fixpoint.op.standard.SpaceToDepth;
import dev.fixpoint.op.standard.Split;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Layers of operators that do not stand alone between two float tensors: some give truth values or
 * indices, some have several outputs, some take matching shapes.
 */
final class ConnectedLayers {
  private static final Attributes NONE = Attributes.NONE;
  private static final long STEPS = 3;

  /** How a layer is added to a network: gives its result. */
  interface Layer {
    Value addTo(RandomNetwork network);
  }

  private static final Map<OpDefinition, Layer> LAYERS = new LinkedHashMap<>();

  static {
    comparisons();
    movements();
    regions();
    sequences();
  }

  private ConnectedLayers() {}

  /** The operators that have a layer here. */
  static Set<OpDefinition> operators() {
    return Collections.unmodifiableSet(LAYERS.keySet());
  }

  /** The layer of an operator. */
  static Layer of(OpDefinition op) {
    Layer layer = LAYERS.get(op);
    if (layer == null) {
      throw new IllegalArgumentException(op.id() + " has no layer here");
    }
    return layer;
  }

  private static Value matrix(RandomNetwork network) {
    return network.prepared(-1, 1, 2, 3);
  }

  /** Chooses between two tensors. */
  private static Value chosen(RandomNetwork network, Value condition, Value x) {
    return network.add(StandardOps.WHERE, NONE, condition, x, network.constant("other", 1, 2, 3));
  }

  private static void comparisons() {
    for (OpDefinition op :
        List.of(
            StandardOps.EQUAL,
            StandardOps.GREATER,
            StandardOps.GREATER_OR_EQUAL,
            StandardOps.LESS,
            StandardOps.LESS_OR_EQUAL)) {
      LAYERS.put(
          op,
          network -> {
            Value x = matrix(network);
            return chosen(network, network.add(op, NONE, x, network.constant("c", 1, 2, 3)), x);
          });
    }
    LAYERS.put(StandardOps.WHERE, of(StandardOps.LESS));
    for (OpDefinition op : List.of(StandardOps.AND, StandardOps.OR, StandardOps.XOR)) {
      LAYERS.put(
          op,
          network -> {
            Value x = matrix(network);
            Value less = network.add(StandardOps.LESS, NONE, x, network.constant("c", 1, 2, 3));
            Value more = network.add(StandardOps.GREATER, NONE, x, network.constant("c", 1, 2, 3));
            return chosen(network, network.add(op, NONE, less, more), x);
          });
    }
    LAYERS.put(
        StandardOps.NOT,
        network -> {
          Value x = matrix(network);
          Value less = network.add(StandardOps.LESS, NONE, x, network.constant("c", 1, 2, 3));
          return chosen(network, network.add(StandardOps.NOT, NONE, less), x);
        });
    for (OpDefinition op : List.of(StandardOps.IS_INF, StandardOps.IS_NAN)) {
      LAYERS.put(
          op,
          network -> {
            Value x = matrix(network);
            return chosen(network, network.add(op, NONE, x), x);
          });
    }
    Attributes toFloat = NONE.with(Cast.TO, (long) ElementType.FLOAT.code());
    for (OpDefinition op : List.of(StandardOps.ARG_MAX, StandardOps.ARG_MIN)) {
      LAYERS.put(
          op,
          network ->
              network.add(StandardOps.CAST, toFloat, network.add(op, NONE, matrix(network))));
    }
  }

  private static void movements() {
    LAYERS.put(
        StandardOps.SPLIT,
        network -> {
          Attributes two = NONE.with(Split.NUM_OUTPUTS, 2L);
          List<Value> parts = network.addAll(StandardOps.SPLIT, two, 2, matrix(network));
          return network.add(StandardOps.SUB, NONE, parts.getFirst(), parts.getLast());
        });
    LAYERS.put(
        StandardOps.TOP_K,
        network -> {
          Value k = network.constant(Tensor.vector(2));
          return network.addAll(StandardOps.TOP_K, NONE, 2, matrix(network), k).getFirst();
        });
    LAYERS.put(
        StandardOps.DEPTH_TO_SPACE,
        network ->
            network.add(
                StandardOps.DEPTH_TO_SPACE,
                NONE.with(DepthToSpace.BLOCKSIZE, 2L),
                network.prepared(-1, 1, 1, 4, 2, 1)));
    LAYERS.put(
        StandardOps.SPACE_TO_DEPTH,
        network ->
            network.add(
                StandardOps.SPACE_TO_DEPTH,
                NONE.with(SpaceToDepth.BLOCKSIZE, 2L),
                network.prepared(-1, 1, 1, 1, 2, 4)));
    LAYERS.put(
        StandardOps.ONE_HOT,
        network ->
            network.add(
                StandardOps.ONE_HOT,
                NONE,
                network.constant(Tensor.vector(2, 0)),
                network.constant(Tensor.scalar(ElementType.INT64, 3)),
                network.prepared(-1, 1, 2)));
  }

  private static void regions() {
    LAYERS.put(
        StandardOps.ROI_ALIGN,
        network ->
            network.add(
                StandardOps.ROI_ALIGN,
                NONE.with(RoiAlign.OUTPUT_HEIGHT, 2L).with(RoiAlign.OUTPUT_WIDTH, 2L),
                network.prepared(-1, 1, 1, 2, 4, 4),
                network.constant(Tensor.ofFloats(Shape.of(1, 4), 0.5f, 0.5f, 3, 2.5f)),
                network.constant(Tensor.vector(0))));
    LAYERS.put(
        StandardOps.MAX_ROI_POOL,
        network ->
            network.add(
                StandardOps.MAX_ROI_POOL,
                NONE.with(MaxRoiPool.POOLED_SHAPE, List.of(2L, 2L)),
                network.prepared(-1, 1, 1, 2, 4, 4),
                network.constant(Tensor.ofFloats(Shape.of(1, 5), 0, 0, 1, 3, 3))));
    LAYERS.put(
        StandardOps.MAX_UNPOOL,
        network ->
            network.add(
                StandardOps.MAX_UNPOOL,
                NONE.with(WindowGeometry.KERNEL_SHAPE, List.of(2L, 2L))
                    .with(WindowGeometry.STRIDES, List.of(2L, 2L)),
                network.prepared(-1, 1, 1, 1, 2, 2),
                network.constant(
                    Tensor.ofLongs(ElementType.INT64, Shape.of(1, 1, 2, 2), 5, 7, 8, 11))));
  }

  private static void sequences() {
    LAYERS.put(
        StandardOps.ROTARY_EMBEDDING,
        network ->
            network.add(
                StandardOps.ROTARY_EMBEDDING,
                NONE,
                network.prepared(-1, 1, 1, 1, STEPS, 4),
                network.constant("cos", 1, 1, STEPS, 2),
                network.constant("sin", 1, 1, STEPS, 2)));
    LAYERS.put(
        StandardOps.ATTENTION,
        network -> {
          Value x = network.prepared(-1, 1, 1, 2, STEPS, 4);
          Value key = network.constant("key", 1, 1, 2, STEPS, 4);
          return network.add(StandardOps.ATTENTION, NONE, x, key, x);
        });
    LAYERS.put(
        StandardOps.LINEAR_ATTENTION,
        network -> {
          Value x = network.prepared(-1, 1, 1, STEPS, 4);
          Attributes heads =
              NONE.with(LinearAttention.Q_NUM_HEADS, 2L)
                  .with(LinearAttention.KV_NUM_HEADS, 2L)
                  .with(LinearAttention.UPDATE_RULE, "linear");
          return network.addAll(StandardOps.LINEAR_ATTENTION, heads, 2, x, x, x).getFirst();
        });
    LAYERS.put(
        StandardOps.CAUSAL_CONV_WITH_STATE,
        network ->
            network
                .addAll(
                    StandardOps.CAUSAL_CONV_WITH_STATE,
                    NONE,
                    2,
                    network.prepared(-1, 1, 1, 2, STEPS),
                    network.constant("w", 1, 2, 1, 2))
                .getFirst());
    recurrent(StandardOps.RNN, 1);
    recurrent(StandardOps.GRU, 3);
    recurrent(StandardOps.LSTM, 4);
  }

  private static void recurrent(OpDefinition op, long gates) {
    LAYERS.put(
        op,
        network ->
            network.add(
                op,
                NONE,
                network.prepared(-1, 1, STEPS, 1, 2),
                network.constant("w", 1, 1, gates * 2, 2),
                network.constant("r", 1, 1, gates * 2, 2),
                network.constant("b", 1, 1, gates * 4)));
  }
}
