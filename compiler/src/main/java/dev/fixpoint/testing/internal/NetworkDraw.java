package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphVerifier;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.rewrite.Pattern;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.Patterns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Draws small networks of given operators: chains and trees, with values read more than once. */
public final class NetworkDraw {
  private static final int ATTEMPTS = 400;

  private final List<OpDefinition> ops;
  private final SplittableRandom random;

  /** Draws networks of some operators. */
  public NetworkDraw(List<OpDefinition> ops, SplittableRandom random) {
    this.ops = List.copyOf(ops);
    this.random = random;
  }

  /** A network of about so many operators in a row. */
  public Optional<GraphDraft> draw(int depth) {
    for (int i = 0; i < ATTEMPTS; i++) {
      try {
        GraphDraft draft = PatternDraw.draw(pattern(depth), random, SizeClass.SMALL).draft();
        surround(draft);
        Graph graph = draft.build();
        GraphVerifier.verify(graph);
        return Optional.of(draft);
      } catch (RejectedDraw | ModelException | IllegalArgumentException e) {
        continue;
      }
    }
    return Optional.empty();
  }

  private OpPattern pattern(int depth) {
    OpId id = ops.get(random.nextInt(ops.size())).id();
    OpPattern pattern = Patterns.op(id);
    if (depth <= 1) {
      return pattern;
    }
    pattern = pattern.input(0, pattern(depth - 1));
    boolean second = binary(id) && random.nextInt(3) == 0;
    Pattern other = second ? pattern(depth - 1) : null;
    return other == null ? pattern : pattern.input(1, other);
  }

  private static boolean binary(OpId id) {
    return switch (id.name()) {
      case "Add", "Mul", "Sub", "Concat" -> true;
      default -> false;
    };
  }

  private void surround(GraphDraft draft) {
    List<Value> values = new ArrayList<>();
    for (Node node : draft.nodes()) {
      values.addAll(node.outputs());
    }
    draft.build();
    for (int i = random.nextInt(3); i > 0; i--) {
      Value value = values.get(random.nextInt(values.size()));
      switch (random.nextInt(4)) {
        case 0 -> draft.makeOutput(value);
        case 1 -> draft.addReader(value);
        case 2 -> twin(draft, value, false);
        default -> twin(draft, value, true);
      }
    }
  }

  /** A node that does what another one does, and that is read or not. */
  private static void twin(GraphDraft draft, Value value, boolean read) {
    for (Node node : draft.nodes()) {
      if (node.outputs().contains(value)) {
        Node twin =
            draft.addNode(
                "twin", node.op(), node.attributes(), node.inputs(), node.outputs().size());
        if (read) {
          draft.addReader(twin.output());
        }
      }
    }
  }
}
