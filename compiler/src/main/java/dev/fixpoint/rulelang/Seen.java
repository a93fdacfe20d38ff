package dev.fixpoint.rulelang;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Redraw;
import dev.fixpoint.tensor.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an expression looks at: so that tests know what to draw anew. */
final class Seen {
  private final Set<Capture<Value>> constants = new LinkedHashSet<>();
  private final List<Redraw.Seen<?>> attributes = new ArrayList<>();
  private final List<Double> literals = new ArrayList<>();

  private Seen() {}

  /** The hook that draws anew what an expression looks at. */
  static Redraw in(Expression expression) {
    Seen seen = new Seen();
    seen.visit(expression);
    return new Redraw(List.copyOf(seen.constants), seen.attributes, seen.literals);
  }

  private void visit(@Nullable Expression expression) {
    switch (expression) {
      case null -> {}
      case Expression.Fixed fixed -> literal(fixed.value());
      case Expression.Constant constant -> {
        if (constant.name().value() != null) {
          constants.add(constant.name().value());
        }
      }
      case Expression.Bound bound -> visit(bound.let().expression());
      case Expression.AttributeOf attribute -> attribute(attribute);
      case Expression.ListOf list -> list.elements().forEach(this::visit);
      case Expression.Call call -> {
        call.inputs().forEach(this::visit);
        call.attributes().forEach(attribute -> visit(attribute.value()));
      }
      case Expression.Native call -> call.arguments().forEach(this::visit);
      case Expression.AboutValue about -> about.more().forEach(this::visit);
      case Expression.Chain chain -> chain.operands().forEach(this::visit);
      case Expression.Minus minus -> visit(minus.operand());
      case Expression.Compared compared -> {
        visit(compared.left());
        visit(compared.right());
      }
      case Expression.Not not -> visit(not.operand());
      case Expression.All all -> all.operands().forEach(this::visit);
      case Expression.Any any -> any.operands().forEach(this::visit);
      case Expression.Holds _, Expression.RangeOf _ -> {}
    }
  }

  private void literal(Operand value) {
    if (value instanceof Computed computed
        && computed.tensor().elementType() != ElementType.STRING) {
      for (double number : computed.values()) {
        if (literals.size() < 64) {
          literals.add(number);
        }
      }
    }
  }

  private void attribute(Expression.AttributeOf attribute) {
    Capture<Node> node = attribute.name().node();
    if (node != null) {
      attributes.add(seen(node, attribute.key()));
    }
  }

  private static <T> Redraw.Seen<T> seen(Capture<Node> node, Attribute<T> key) {
    return new Redraw.Seen<>(node, key);
  }
}
