package dev.fixpoint.pass;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Affine;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Random tensors for the inputs of a graph, inside given ranges, their corners among them. */
final class BoundarySamples {
  private static final int LARGEST_SIZE = 3;
  private static final double UNBOUNDED_MAGNITUDE = 4;

  private final Graph graph;
  private final Map<String, RewriteRecord.Boundary> boundary;
  private final SplittableRandom random;

  BoundarySamples(
      Graph graph, Map<String, RewriteRecord.Boundary> boundary, SplittableRandom random) {
    this.graph = graph;
    this.boundary = boundary;
    this.random = random;
  }

  /** Why no tensors can be drawn for this graph, or empty. */
  Optional<String> obstacle() {
    for (Value input : graph.inputs()) {
      TensorType type = graph.type(input);
      if (!type.elementType().isNumeric() && type.elementType() != ElementType.BOOL) {
        return Optional.of("'" + input.name() + "' is " + type);
      }
      if (!type.shape().isRanked() || type.shape().dimensions().contains(Dimension.UNKNOWN)) {
        return Optional.of("the shape of '" + input.name() + "' is not known");
      }
    }
    return Optional.empty();
  }

  /** The graph's inputs once more; sizes with a name are drawn, too. */
  Map<String, Tensor> draw() {
    Map<String, Long> sizes = new HashMap<>();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      TensorType type = graph.type(input);
      long[] shape = new long[type.shape().rank()];
      for (int i = 0; i < shape.length; i++) {
        shape[i] =
            switch (type.shape().dimension(i)) {
              case Dimension.Fixed(long size) -> size;
              case Dimension.Symbolic(String name) -> number(Affine.of(name), sizes);
              case Dimension.Unknown _ -> throw new IllegalStateException("asked past obstacle()");
            };
      }
      RewriteRecord.Boundary known = boundary.get(input.name());
      Tensor drawn =
          tensor(type.elementType(), Shape.of(shape), known == null ? Range.ALL : known.range());
      ShapeValue entries = known == null ? null : known.shapeValue();
      tensors.put(input.name(), entries == null ? drawn : withEntries(drawn, entries, sizes));
    }
    return tensors;
  }

  /** The tensor with the entries that are known, and with those drawn that are not. */
  private Tensor withEntries(Tensor drawn, ShapeValue known, Map<String, Long> sizes) {
    long[] values = new long[known.size()];
    for (int i = 0; i < values.length; i++) {
      Affine entry = known.entries().get(i);
      values[i] = entry == null ? drawn.longAt(i) : number(entry, sizes);
    }
    return Tensor.ofLongs(drawn.elementType(), drawn.shape(), values);
  }

  private long number(Affine expression, Map<String, Long> sizes) {
    long sum = expression.constant();
    for (Map.Entry<String, Long> term : expression.terms().entrySet()) {
      sum +=
          term.getValue()
              * sizes.computeIfAbsent(term.getKey(), _ -> 1L + random.nextInt(LARGEST_SIZE));
    }
    return sum;
  }

  private Tensor tensor(ElementType elementType, Shape shape, Range range) {
    int count = Math.toIntExact(shape.elementCount());
    boolean corners = random.nextInt(4) == 0;
    double scale = random.nextInt(4) == 0 ? 0x1p-6 : 1;
    @Nullable Range known = range.spread().count() <= count ? range : null;
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      Interval interval = known == null ? Interval.ALL : known.at(i, shape);
      values[i] = element(elementType, bounded(elementType, interval), corners, scale);
    }
    if (elementType.isFloat()) {
      return Tensor.ofDoubles(elementType, shape, values);
    }
    long[] integers = new long[count];
    for (int i = 0; i < count; i++) {
      integers[i] = Math.round(values[i]);
    }
    return Tensor.ofLongs(elementType, shape, integers);
  }

  private static Interval bounded(ElementType elementType, Interval interval) {
    if (interval.isBounded()) {
      return interval;
    }
    if (elementType == ElementType.BOOL) {
      return new Interval(0, 1);
    }
    double least = Math.max(interval.low(), -UNBOUNDED_MAGNITUDE);
    double low = elementType.isFloat() || elementType.isSigned() ? least : Math.max(0, least);
    return new Interval(low, Math.max(low, Math.min(interval.high(), UNBOUNDED_MAGNITUDE)));
  }

  private double element(ElementType elementType, Interval interval, boolean corner, double scale) {
    double drawn =
        corner
            ? random.nextBoolean() ? interval.low() : interval.high()
            : interval.low() + random.nextDouble() * (interval.high() - interval.low());
    double kept = interval.contains(drawn * scale) ? drawn * scale : drawn;
    if (!elementType.isFloat()) {
      double low = Math.ceil(interval.low());
      return Math.clamp(Math.rint(kept), low, Math.max(low, Math.floor(interval.high())));
    }
    double stored = Tensor.scalar(elementType, kept).doubleAt(0);
    // Rounding to the element type may leave an interval that is narrower than its steps.
    return interval.contains(stored) ? stored : inward(elementType, interval, stored);
  }

  private static double inward(ElementType elementType, Interval interval, double stored) {
    double ulp = Math.max(Math.ulp((float) stored), Float.MIN_VALUE);
    double moved = stored > interval.high() ? stored - ulp : stored + ulp;
    double rounded = Tensor.scalar(elementType, moved).doubleAt(0);
    return interval.contains(rounded)
        ? rounded
        : Math.clamp(stored, interval.low(), interval.high());
  }
}
