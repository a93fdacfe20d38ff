package dev.fixpoint.rewrite;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The hook of a condition that is an expression: draws what the condition looks at anew, preferring
 * the numbers that stand in the expression. Generated tests call it until the condition is as
 * wanted, so that the same hook satisfies and violates.
 *
 * @param constants captured constants that the condition looks at
 * @param attributes attributes that it looks at
 * @param literals numbers that stand in it
 */
public record Redraw(
    List<Capture<Value>> constants, List<Seen<?>> attributes, List<Double> literals)
    implements Hook {
  /** Numbers that conditions like to ask for. */
  private static final double[] USUAL = {0, 1, -1, 2, 3, 6, 0.5, -2, 1e-5, 0.1};

  /** Keeps immutable copies. */
  public Redraw {
    constants = List.copyOf(constants);
    attributes = List.copyOf(attributes);
    literals = List.copyOf(literals);
  }

  /**
   * An attribute that a condition looks at.
   *
   * @param node key of the node
   * @param key key of the attribute
   */
  public record Seen<T>(Capture<Node> node, Attribute<T> key) {}

  /** A condition that looks at this, with this as both hooks. */
  public Condition on(Condition condition) {
    return condition.withHooks(this, this);
  }

  @Override
  public boolean edit(GraphEdit graph, Match match, SplittableRandom random) {
    boolean any = false;
    for (Capture<Value> c : constants) {
      Optional<Tensor> constant = match.findConstant(c).filter(t -> t.elementType().isNumeric());
      constant.ifPresent(t -> graph.setConstant(match.get(c), redrawn(t, random)));
      any |= constant.isPresent();
    }
    for (Seen<?> seen : attributes) {
      any |= match.find(seen.node).isPresent() && redraw(graph, match, seen, random);
    }
    return any;
  }

  private Tensor redrawn(Tensor tensor, SplittableRandom random) {
    int count = Math.toIntExact(tensor.elementCount());
    double[] values = new double[count];
    double same = number(random);
    boolean equal = random.nextInt(4) != 0;
    for (int i = 0; i < count; i++) {
      values[i] = equal ? same : number(random);
    }
    ElementType type = tensor.elementType();
    if (type.isFloat()) {
      return Tensor.ofDoubles(type, tensor.shape(), values);
    }
    long min = type == ElementType.BOOL ? 0 : type.minInteger();
    long max = type == ElementType.BOOL ? 1 : type.maxInteger();
    long[] integers = new long[count];
    for (int i = 0; i < count; i++) {
      integers[i] = Math.clamp((long) values[i], min, max);
    }
    return Tensor.ofLongs(type, tensor.shape(), integers);
  }

  @SuppressWarnings("unchecked") // the kind of the attribute decides the type
  private <T> boolean redraw(GraphEdit graph, Match match, Seen<T> seen, SplittableRandom random) {
    Node node = match.get(seen.node);
    Object value = null;
    if (seen.key.kind() == AttributeValue.OfInt.class) {
      value = (long) number(random);
    } else if (seen.key.kind() == AttributeValue.OfFloat.class) {
      value = (float) number(random);
    } else if (seen.key.kind() == AttributeValue.OfInts.class) {
      value = integers((List<Long>) node.attributes().find(seen.key), random);
    }
    if (value != null) {
      graph.setAttribute(node, seen.key, (T) value);
    }
    return value != null;
  }

  private List<Long> integers(@Nullable List<Long> now, SplittableRandom random) {
    int count = now == null || random.nextInt(4) == 0 ? 1 + random.nextInt(4) : now.size();
    List<Long> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      drawn.add((long) number(random));
    }
    return drawn;
  }

  private double number(SplittableRandom random) {
    int kind = random.nextInt(4);
    if (kind < 2 && !literals.isEmpty()) {
      return literals.get(random.nextInt(literals.size()));
    }
    return kind < 3 ? USUAL[random.nextInt(USUAL.length)] : random.nextDouble(-4, 4);
  }
}
