package dev.fixpoint.testing.internal;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A box for the inputs of a graph, and tensors inside of it that like the corners: its borders,
 * zeros, subnormal numbers, ties between two steps of a quantizer, all elements equal.
 */
public final class InputDraws {
  private static final Interval[] BOXES = {
    new Interval(-4, 4),
    new Interval(-1, 1),
    new Interval(0, 6),
    new Interval(-0.5, 3.5),
    new Interval(-16, 16)
  };

  private final GraphDraft draft;
  private final Graph graph;
  private final Map<String, Interval> boxes = new LinkedHashMap<>();

  /** Draws a box for the inputs of a draft. */
  public InputDraws(GraphDraft draft, SplittableRandom random) {
    this.draft = draft;
    this.graph = draft.build();
    for (Value input : graph.inputs()) {
      boxes.put(input.name(), box(draft.trueType(input).elementType(), random));
    }
  }

  private static Interval box(ElementType type, SplittableRandom random) {
    if (type == ElementType.BOOL) {
      return new Interval(0, 1);
    }
    if (type.isInteger()) {
      return type.bits() <= 8
          ? new Interval(type.minInteger(), type.maxInteger())
          : new Interval(Math.max(-8, type.minInteger()), 8);
    }
    int narrow = type.bits() <= 16 ? 1 : 0;
    return BOXES[random.nextInt(BOXES.length - narrow)];
  }

  /** The box: a range by input name. */
  public Map<String, Range> ranges() {
    Map<String, Range> ranges = new LinkedHashMap<>();
    boxes.forEach((name, box) -> ranges.put(name, Range.of(box)));
    return ranges;
  }

  /** Tensors inside the box. */
  public Map<String, Tensor> draw(SplittableRandom random) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      tensors.put(input.name(), tensor(input, random));
    }
    return tensors;
  }

  private Tensor tensor(Value input, SplittableRandom random) {
    TensorType type = draft.trueType(input);
    Interval box = boxes.getOrDefault(input.name(), new Interval(0, 1));
    int count = Math.toIntExact(type.shape().elementCount());
    int profile = random.nextInt(9);
    double step = step(random);
    double equal = random.nextDouble(box.low(), box.high());
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      double uniform = random.nextDouble(box.low(), box.high());
      double wanted =
          switch (profile) {
            case 0 -> random.nextBoolean() ? box.low() : box.high();
            case 1 -> (Math.rint(uniform / step) + 0.5) * step;
            case 2 -> equal;
            case 3 -> random.nextInt(8) == 0 ? uniform : 0;
            case 4 -> uniform * 0x1p-130;
            default -> uniform;
          };
      values[i] = Math.clamp(wanted, box.low(), box.high());
    }
    return stored(type, box, values);
  }

  /** The step of a quantizer in the graph, or any. */
  private double step(SplittableRandom random) {
    for (Map.Entry<Value, Tensor> constant : draft.constants().entrySet()) {
      Tensor tensor = constant.getValue();
      boolean scale = tensor.elementType().isFloat() && tensor.elementCount() == 1;
      if (scale && tensor.doubleAt(0) > 0x1p-10 && constant.getKey().name().contains("scale")) {
        return tensor.doubleAt(0);
      }
    }
    return Math.scalb(1.0, random.nextInt(-6, 0));
  }

  private static Tensor stored(TensorType type, Interval box, double[] values) {
    if (type.elementType().isFloat()) {
      return Tensor.ofDoubles(type.elementType(), type.shape(), values);
    }
    long[] integers = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      integers[i] = (long) Math.clamp(Math.rint(values[i]), box.low(), box.high());
    }
    return Tensor.ofLongs(type.elementType(), type.shape(), integers);
  }
}
