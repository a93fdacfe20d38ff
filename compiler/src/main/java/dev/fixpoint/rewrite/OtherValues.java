package dev.fixpoint.rewrite;

import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Condition.Kind;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoublePredicate;
import java.util.function.ToDoubleFunction;

/** Values that differ from given ones, and constants some of whose elements break a condition. */
final class OtherValues {
  private OtherValues() {}

  /** Another value of an attribute, if one can be thought of. */
  @SuppressWarnings("unchecked") // each case gives back the type that came in
  static <T> Optional<T> than(T value, SplittableRandom random) {
    return switch (value) {
      case Long v -> Optional.of((T) (Object) other(v, random));
      case Float v -> Optional.of((T) (Object) (random.nextBoolean() ? v + 0.5f : v * 2 + 1));
      case List<?> list when !list.isEmpty() && list.getFirst() instanceof Long ->
          Optional.of((T) changed((List<Long>) list, random));
      default -> Optional.empty();
    };
  }

  private static Long other(long value, SplittableRandom random) {
    if (value == 0 || value == 1) {
      return 1 - value;
    }
    return value + (random.nextBoolean() ? 1 : -1);
  }

  private static List<Long> changed(List<Long> list, SplittableRandom random) {
    List<Long> copy = new ArrayList<>(list);
    int at = random.nextInt(list.size());
    copy.set(at, list.get(at) + 1);
    return copy;
  }

  /** A tensor of the same type in which some element has another value. */
  static Tensor differing(Tensor tensor, SplittableRandom random) {
    int count = Math.toIntExact(tensor.elementCount());
    int at = count == 0 ? 0 : random.nextInt(count);
    if (tensor.elementType().isFloat()) {
      double[] values = tensor.toDoubles();
      for (int i = 0; i < count; i++) {
        boolean hit = i == at || random.nextInt(4) == 0;
        values[i] += hit ? Math.max(1, Math.abs(values[i])) * (1 + random.nextInt(2)) : 0;
      }
      return Tensor.ofDoubles(tensor.elementType(), tensor.shape(), values);
    }
    long[] values = tensor.toLongs();
    if (count > 0) {
      boolean atTop = values[at] == largest(tensor.elementType());
      values[at] += atTop ? -1 : 1;
    }
    return Tensor.ofLongs(tensor.elementType(), tensor.shape(), values);
  }

  private static long largest(ElementType type) {
    return type == ElementType.BOOL ? 1 : type.maxInteger();
  }

  /** Whether every element of a constant is a number in the constant's own type. */
  static boolean isAll(Optional<Tensor> constant, double v) {
    if (constant.isEmpty() || !constant.get().elementType().isNumeric()) {
      return false;
    }
    ElementType type = constant.get().elementType();
    boolean writable = type.isFloat() || v == Math.rint(v);
    double meant = writable && type.isFloat() ? Tensor.scalar(type, v).doubleAt(0) : v;
    for (double element : constant.get().toDoubles()) {
      if (element != meant) {
        return false;
      }
    }
    return writable;
  }

  /**
   * A condition that a property holds for every element of a constant.
   *
   * @param good draws an element that has the property
   * @param bad draws an element that lacks it
   */
  static Condition elements(
      String text,
      Capture<Value> c,
      DoublePredicate property,
      ToDoubleFunction<SplittableRandom> good,
      ToDoubleFunction<SplittableRandom> bad) {
    return new Condition(
        text,
        Kind.SOUNDNESS,
        match -> firstWithout(match, c, property),
        (graph, match, random) -> {
          Optional<Tensor> constant = match.findConstant(c);
          constant.ifPresent(
              t -> graph.setConstant(match.get(c), mended(t, property, good, random)));
          return constant.isPresent();
        },
        (graph, match, random) -> {
          Optional<Tensor> constant =
              match.findConstant(c).filter(t -> t.elementCount() > 0 && canHold(t, bad));
          constant.ifPresent(t -> graph.setConstant(match.get(c), broken(t, bad, random)));
          return constant.isPresent();
        });
  }

  private static Optional<String> firstWithout(
      Match match, Capture<Value> c, DoublePredicate property) {
    Optional<Tensor> constant = match.findConstant(c);
    if (constant.isEmpty()) {
      return match.find(c).map(value -> "'" + value + "' is not constant");
    }
    double[] values = constant.get().toDoubles();
    for (int i = 0; i < values.length; i++) {
      if (!property.test(values[i])) {
        return Optional.of("element " + i + " of '" + match.get(c) + "' is " + values[i]);
      }
    }
    return Optional.empty();
  }

  private static boolean canHold(Tensor tensor, ToDoubleFunction<SplittableRandom> draw) {
    double example = draw.applyAsDouble(new SplittableRandom(1));
    ElementType type = tensor.elementType();
    return type.isFloat() || (type.isInteger() && (example >= 0 || type.isSigned()));
  }

  private static Tensor mended(
      Tensor tensor,
      DoublePredicate property,
      ToDoubleFunction<SplittableRandom> good,
      SplittableRandom random) {
    double[] values = tensor.toDoubles();
    for (int i = 0; i < values.length; i++) {
      if (!property.test(values[i])) {
        values[i] = good.applyAsDouble(random);
      }
    }
    return stored(tensor, values);
  }

  private static Tensor broken(
      Tensor tensor, ToDoubleFunction<SplittableRandom> bad, SplittableRandom random) {
    double[] values = tensor.toDoubles();
    values[random.nextInt(values.length)] = bad.applyAsDouble(random);
    return stored(tensor, values);
  }

  private static Tensor stored(Tensor like, double[] values) {
    if (like.elementType().isFloat()) {
      return Tensor.ofDoubles(like.elementType(), like.shape(), values);
    }
    long[] integers = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      integers[i] = (long) (Math.signum(values[i]) * Math.ceil(Math.abs(values[i])));
    }
    return Tensor.ofLongs(like.elementType(), like.shape(), integers);
  }
}
