package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.TensorType;
import dev.fixpoint.testing.internal.RuleDraw.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What stands around a match: other readers of inner values, graph outputs, subgraphs that read
 * them, nodes before the inputs, other users of the constants, sizes without numbers. What keeps
 * the rule from firing is taken back.
 */
final class Surroundings {
  private final RewriteRule rule;
  private final RuleDraw draws;
  private final SplittableRandom random;

  Surroundings(RewriteRule rule, RuleDraw draws, SplittableRandom random) {
    this.rule = rule;
    this.draws = draws;
    this.random = random;
  }

  /** The site with random surroundings; the rule still fires there. */
  Site around(Site site) {
    Site now = site;
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      Site before = now;
      Optional<Site> changed =
          draws
              .edited(before, draft -> change(before, draft))
              .filter(s -> RuleDraw.firstFailing(rule.conditions(), s.match()) == null);
      now = changed.orElse(now);
    }
    return now;
  }

  private boolean change(Site site, GraphDraft draft) {
    return switch (random.nextInt(8)) {
      case 0 -> {
        draft.addReader(inner(site));
        yield true;
      }
      case 1 -> {
        draft.makeOutput(inner(site));
        yield true;
      }
      case 2 -> {
        draft.addCapture(inner(site));
        yield true;
      }
      case 3 -> prefix(draft);
      case 4 -> twin(site, draft);
      case 5 -> {
        draft.addReader(site.root());
        yield true;
      }
      case 6 -> {
        draft.setOpset("", random.nextLong(13, 25));
        yield true;
      }
      default -> blurred(draft);
    };
  }

  /** A value made inside the match, or read by it. */
  private Value inner(Site site) {
    List<Value> values = new ArrayList<>();
    for (Node node : site.match().nodes()) {
      values.addAll(node.outputs());
      node.inputs().stream().filter(v -> v != null).forEach(values::add);
    }
    return values.get(random.nextInt(values.size()));
  }

  /** A node before an input. */
  private boolean prefix(GraphDraft draft) {
    List<Value> inputs = List.copyOf(draft.inputs());
    if (inputs.isEmpty()) {
      return false;
    }
    Value input = inputs.get(random.nextInt(inputs.size()));
    TensorType type = draft.trueType(input);
    if (!type.elementType().isFloat() || draft.outputs().contains(input)) {
      return false;
    }
    Value source = draft.addInput("source", type);
    OpDefinition op = random.nextBoolean() ? StandardOps.NEG : StandardOps.ABS;
    Node node = draft.addNode("prefix", op, Attributes.NONE, List.of(source), 1);
    draft.reroute(input, node.output());
    draft.removeSource(input);
    return true;
  }

  /** Another node that reads the same constants. */
  private boolean twin(Site site, GraphDraft draft) {
    List<Node> nodes = site.match().nodes();
    Node node = nodes.get(random.nextInt(nodes.size()));
    Node twin =
        draft.addNode("twin", node.op(), node.attributes(), node.inputs(), node.outputs().size());
    draft.makeOutput(twin.output());
    return true;
  }

  private boolean blurred(GraphDraft draft) {
    List<Value> inputs = List.copyOf(draft.inputs());
    if (inputs.isEmpty()) {
      return false;
    }
    draft.blur(inputs.get(random.nextInt(inputs.size())));
    return true;
  }
}
