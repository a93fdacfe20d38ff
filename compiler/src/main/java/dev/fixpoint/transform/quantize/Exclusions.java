package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.Node;
import dev.fixpoint.op.OpId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which nodes stay in float because somebody said so.
 *
 * @param nodes patterns of names, of a node or of one in the model that it was made from
 * @param operators names of operators; a fused one has the name of what it starts with
 */
public record Exclusions(List<Pattern> nodes, List<String> operators) {
  /** Of nothing. */
  public static final Exclusions NONE = new Exclusions(List.of(), List.of());

  private static final String FUSED = "Fused";

  /** Keeps immutable copies. */
  public Exclusions {
    nodes = List.copyOf(nodes);
    operators = List.copyOf(operators);
  }

  /** Why a node is excluded, for people; empty where it is not. */
  public Optional<String> reason(Node node) {
    String operator = plainName(node);
    if (operators.contains(operator)) {
      return Optional.of("operator " + operator + " is excluded");
    }
    return nodes.stream().anyMatch(pattern -> isNamed(node, pattern))
        ? Optional.of("its name is excluded")
        : Optional.empty();
  }

  private static String plainName(Node node) {
    String name = node.opId().name();
    boolean fused = OpId.FIXPOINT.equals(node.opId().domain()) && name.startsWith(FUSED);
    return fused ? name.substring(FUSED.length()) : name;
  }

  private static boolean isNamed(Node node, Pattern pattern) {
    return pattern.matcher(node.name()).find()
        || node.provenance().sources().stream().anyMatch(name -> pattern.matcher(name).find());
  }
}
