package dev.fixpoint.rewrite;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.rewrite.Condition.Kind;
import dev.fixpoint.tensor.Tensor;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The usual side conditions about uses, attributes and constants, each with both hooks. The rule
 * language knows them by the same names in snake case; {@link TypeConditions} has those about types
 * and shapes.
 *
 * <p>Where a capture of a value stands for nothing, because the alternative that matched has none,
 * a condition on it holds.
 */
public final class Conditions {
  private Conditions() {}

  /** {@code constant(c)}: the value is an initializer. */
  public static Condition constant(Capture<Value> c) {
    return on(
        "constant(" + c + ")",
        c,
        match -> match.graph().constant(match.get(c)) != null,
        (graph, match, _) -> {
          graph.makeConstant(match.get(c));
          return match.graph().producer(match.get(c)) == null;
        },
        (graph, match, _) -> {
          graph.makeInput(match.get(c));
          return true;
        });
  }

  /** {@code not_constant(c)}: the value is no initializer; guards profit. */
  public static Condition notConstant(Capture<Value> c) {
    Condition constant = constant(c);
    return on(
            "not_constant(" + c + ")",
            c,
            match -> match.graph().constant(match.get(c)) == null,
            Objects.requireNonNull(constant.violate()),
            Objects.requireNonNull(constant.satisfy()))
        .guarding(Kind.PROFIT);
  }

  /**
   * {@code single_use(c)}: the value, or the first output of the node, has one reader and is no
   * output of the graph; guards profit.
   */
  public static Condition singleUse(Capture<?> c) {
    return on(
            "single_use(" + c + ")",
            c,
            match -> {
              Value value = value(match, c);
              return !match.graph().isOutput(value) && match.graph().useCount(value) == 1;
            },
            (graph, match, _) -> {
              Value value = value(match, c);
              Optional<Node> reader =
                  match.nodes().stream().filter(n -> n.inputs().contains(value)).findFirst();
              reader.ifPresent(node -> graph.isolate(value, node));
              return reader.isPresent();
            },
            (graph, match, random) -> {
              Value value = value(match, c);
              switch (random.nextInt(3)) {
                case 0 -> graph.makeOutput(value);
                case 1 -> graph.addCapture(value);
                default -> graph.addReader(value);
              }
              return true;
            })
        .guarding(Kind.PROFIT);
  }

  /**
   * {@code not_output(c)}: the value, or the first output of the node, is read by nodes alone: it
   * is no output of the graph, and no subgraph captures it.
   */
  public static Condition notOutput(Capture<?> c) {
    return new Condition(
        "not_output(" + c + ")",
        Kind.SOUNDNESS,
        match ->
            match.find(c).isEmpty() || isFree(match, value(match, c))
                ? Optional.empty()
                : Optional.of(
                    "'" + value(match, c) + "' is an output of the graph or read by a subgraph"),
        (graph, match, _) -> {
          graph.hideOutput(value(match, c));
          return true;
        },
        (graph, match, random) -> {
          if (random.nextBoolean()) {
            graph.makeOutput(value(match, c));
          } else {
            graph.addCapture(value(match, c));
          }
          return true;
        });
  }

  private static boolean isFree(Match match, Value value) {
    return !match.graph().isOutput(value)
        && match.graph().uses(value).stream().noneMatch(use -> use.index() == Use.CAPTURE);
  }

  /** {@code attribute(node, key, value)}: an attribute, or its default, has a value. */
  public static <T> Condition attribute(Capture<Node> node, Attribute<T> key, T value) {
    return on(
        "attribute(" + node + ", " + key + ", " + value + ")",
        node,
        match -> value.equals(match.get(node).attributes().find(key)),
        (graph, match, _) -> {
          graph.setAttribute(match.get(node), key, value);
          return true;
        },
        (graph, match, random) -> {
          Optional<T> other = OtherValues.than(value, random);
          other.ifPresent(v -> graph.setAttribute(match.get(node), key, v));
          return other.isPresent();
        });
  }

  /** {@code equal_constants(a, b)}: both are constants with the same type and bits. */
  public static Condition equalConstants(Capture<Value> a, Capture<Value> b) {
    return new Condition(
        "equal_constants(" + a + ", " + b + ")",
        Kind.SOUNDNESS,
        match ->
            match.findConstant(a).isPresent() && match.findConstant(a).equals(match.findConstant(b))
                ? Optional.empty()
                : Optional.of("'" + match.get(a) + "' and '" + match.get(b) + "' differ"),
        (graph, match, _) -> {
          Optional<Tensor> from = match.findConstant(a);
          if (from.isEmpty() || match.findConstant(b).isEmpty()) {
            return false;
          }
          graph.setConstant(match.get(b), from.get());
          return true;
        },
        (graph, match, random) -> {
          Optional<Tensor> from = match.findConstant(b);
          if (from.isEmpty() || from.get().elementCount() == 0) {
            return false;
          }
          graph.setConstant(match.get(b), OtherValues.differing(from.get(), random));
          return true;
        });
  }

  /** {@code constant_value(c, v)}: every element of a constant is {@code v} in its type. */
  public static Condition constantValue(Capture<Value> c, double v) {
    return on(
        "constant_value(" + c + ", " + v + ")",
        c,
        match -> OtherValues.isAll(match.findConstant(c), v),
        (graph, match, _) -> {
          Optional<Tensor> constant = match.findConstant(c);
          constant.ifPresent(
              t -> graph.setConstant(match.get(c), Tensor.filled(t.elementType(), t.shape(), v)));
          return constant.isPresent();
        },
        (graph, match, random) -> {
          Optional<Tensor> constant = match.findConstant(c);
          constant.ifPresent(
              t -> graph.setConstant(match.get(c), OtherValues.differing(t, random)));
          return constant.isPresent();
        });
  }

  /** {@code finite(c)}: no element of a constant is infinite or NaN. */
  public static Condition finite(Capture<Value> c) {
    return OtherValues.elements(
        "finite(" + c + ")",
        c,
        Double::isFinite,
        random -> random.nextDouble(-2, 2),
        random ->
            switch (random.nextInt(3)) {
              case 0 -> Double.NaN;
              case 1 -> Double.POSITIVE_INFINITY;
              default -> Double.NEGATIVE_INFINITY;
            });
  }

  /** {@code positive(c)}: every element of a constant is above zero, and finite. */
  public static Condition positive(Capture<Value> c) {
    return OtherValues.elements(
        "positive(" + c + ")",
        c,
        v -> v > 0 && Double.isFinite(v),
        random -> random.nextDouble(0x1p-6, 4),
        random -> random.nextBoolean() ? 0.0 : -random.nextDouble(0x1p-6, 4));
  }

  /** {@code non_negative(c)}: no element of a constant is below zero or NaN. */
  public static Condition nonNegative(Capture<Value> c) {
    return OtherValues.elements(
        "non_negative(" + c + ")",
        c,
        v -> v >= 0,
        random -> random.nextDouble(0, 4),
        random -> -random.nextDouble(0x1p-6, 4));
  }

  /** {@code non_zero(c)}: no element of a constant is zero or NaN. */
  public static Condition nonZero(Capture<Value> c) {
    return OtherValues.elements(
        "non_zero(" + c + ")",
        c,
        v -> Math.abs(v) > 0,
        random -> Math.copySign(random.nextDouble(0x1p-6, 4), random.nextInt(2) - 0.5),
        _ -> 0.0);
  }

  /** {@code opset(domain, min..max)}: the graph imports an operator set in one of some versions. */
  public static Condition opset(String domain, long min, long max) {
    return new Condition(
        "opset(\"" + domain + "\", " + min + ".." + max + ")",
        Kind.SOUNDNESS,
        match -> {
          long version = match.graph().opset(domain);
          return min <= version && version <= max
              ? Optional.empty()
              : Optional.of("the graph imports version " + version + " of '" + domain + "'");
        },
        (graph, _, random) -> {
          graph.setOpset(domain, random.nextLong(min, Math.min(max, min + 32) + 1));
          return true;
        },
        (graph, _, random) -> {
          boolean below = min > 1 && random.nextBoolean();
          graph.setOpset(domain, below ? random.nextLong(1, min) : Math.addExact(max, 1));
          return below || max < Integer.MAX_VALUE;
        });
  }

  /** A condition on what a capture stands for, which holds where it stands for nothing. */
  static Condition on(
      String text,
      Capture<?> c,
      Predicate<Match> holds,
      @Nullable Hook satisfy,
      @Nullable Hook violate) {
    return Condition.soundness(text, match -> match.find(c).isEmpty() || holds.test(match))
        .withHooks(ifPresent(c, satisfy), ifPresent(c, violate));
  }

  private static @Nullable Hook ifPresent(Capture<?> c, @Nullable Hook hook) {
    return hook == null
        ? null
        : (graph, match, random) -> match.find(c).isPresent() && hook.edit(graph, match, random);
  }

  private static Value value(Match match, Capture<?> c) {
    return switch (match.get(c)) {
      case Node node -> node.output();
      case Value value -> value;
      default -> throw new IllegalStateException(c + " captures neither a node nor a value");
    };
  }
}
