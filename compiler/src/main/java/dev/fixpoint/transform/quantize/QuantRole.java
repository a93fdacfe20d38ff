package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.Node;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.standard.StandardOps;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How an operator takes part in quantization. */
enum QuantRole {
  /** Multiplies and accumulates: always worth integers. */
  WEIGHTED(
      StandardOps.CONV,
      StandardOps.FUSED_CONV,
      StandardOps.CONV_TRANSPOSE,
      StandardOps.FUSED_CONV_TRANSPOSE,
      StandardOps.GEMM,
      StandardOps.FUSED_GEMM,
      StandardOps.MAT_MUL,
      StandardOps.FUSED_MAT_MUL),
  /** Combines two tensors element by element; its output has parameters of its own. */
  ARITHMETIC(StandardOps.ADD, StandardOps.MUL),
  /** Averages; its output has parameters of its own. */
  MEAN(StandardOps.GLOBAL_AVERAGE_POOL, StandardOps.AVERAGE_POOL),
  /** Puts tensors together; its output has parameters of its own. */
  CONCAT(StandardOps.CONCAT),
  /** Moves or selects elements: input and output share their parameters. */
  SAME_SCALE(
      StandardOps.MAX_POOL,
      StandardOps.RESHAPE,
      StandardOps.FLATTEN,
      StandardOps.TRANSPOSE,
      StandardOps.SQUEEZE,
      StandardOps.UNSQUEEZE,
      StandardOps.SLICE,
      StandardOps.SPLIT,
      StandardOps.GATHER,
      StandardOps.PAD,
      StandardOps.IDENTITY),
  /** A function of single elements, which becomes a table. */
  FUNCTION(
      StandardOps.RELU,
      StandardOps.CLIP,
      StandardOps.LEAKY_RELU,
      StandardOps.HARD_SIGMOID,
      StandardOps.HARD_SWISH,
      StandardOps.SIGMOID,
      StandardOps.TANH,
      StandardOps.ELU,
      StandardOps.SELU,
      StandardOps.GELU,
      StandardOps.SOFTPLUS,
      StandardOps.SWISH,
      StandardOps.MISH,
      StandardOps.ERF);

  /** Position of the residual among the inputs of a FusedConv. */
  static final int RESIDUAL = 3;

  private final Set<OpId> operators;

  QuantRole(OpDefinition... operators) {
    this.operators = Stream.of(operators).map(OpDefinition::id).collect(Collectors.toSet());
  }

  /** Why a node with this role runs on integers, and what becomes of its scales. */
  String reason() {
    String read = "an integer operator reads its result";
    return switch (this) {
      case WEIGHTED -> "it multiplies and accumulates integers";
      case CONCAT ->
          read
              + "; a branch that is read elsewhere, too, is requantized to the scale of the result";
      case SAME_SCALE -> read + "; it shares one scale with its input";
      case ARITHMETIC, MEAN, FUNCTION -> read;
    };
  }

  /** The role of a node's operator, if it has one. */
  static Optional<QuantRole> of(Node node) {
    for (QuantRole role : values()) {
      if (role.operators.contains(node.opId())) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  /** Whether a same-scale operator leaves elements of its input out of an output. */
  static boolean selects(Node node) {
    return node.calls(StandardOps.MAX_POOL)
        || node.calls(StandardOps.SLICE)
        || node.calls(StandardOps.SPLIT)
        || node.calls(StandardOps.PAD)
        || node.calls(StandardOps.GATHER);
  }

  /** Positions of the inputs whose values are quantized as activations unless they are constant. */
  static List<Integer> dataInputs(Node node) {
    QuantRole role = of(node).orElseThrow();
    return switch (role) {
      case WEIGHTED ->
          node.calls(StandardOps.FUSED_CONV) && node.hasInput(RESIDUAL)
              ? List.of(0, 1, RESIDUAL)
              : List.of(0, 1);
      case ARITHMETIC -> List.of(0, 1);
      case CONCAT -> IntStream.range(0, node.inputs().size()).boxed().toList();
      case MEAN, SAME_SCALE, FUNCTION -> List.of(0);
    };
  }
}
