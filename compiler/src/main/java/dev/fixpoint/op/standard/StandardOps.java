package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpRegistry;
import java.util.ArrayList;
import java.util.List;

/**
 * The catalogue of the float operators: one constant each, and all of them as a registry. A new
 * operator is one line in the section of its family.
 */
public final class StandardOps {
  private static final List<OpDefinition> ALL = new ArrayList<>();

  // Functions of one element.

  public static final OpDefinition RELU = add(new Relu());

  // Functions of two or more elements, with broadcasting.

  public static final OpDefinition ADD = add(new Add());
  public static final OpDefinition MUL = add(new Mul());

  // Comparison, logic and bits.

  // Conversion between element types.

  // Reductions and scans.

  // Convolution and pooling.

  public static final OpDefinition CONV = add(new Conv());
  public static final OpDefinition AVERAGE_POOL = add(new AveragePool());
  public static final OpDefinition GLOBAL_AVERAGE_POOL = add(new GlobalAveragePool());
  public static final OpDefinition MAX_POOL = add(new MaxPool());

  // Matrix products.

  public static final OpDefinition GEMM = add(new Gemm());
  public static final OpDefinition MAT_MUL = add(new MatMul());

  // Normalization.

  public static final OpDefinition BATCH_NORMALIZATION = add(new BatchNormalization());

  // Shape and data movement.

  public static final OpDefinition CONCAT = add(new Concat());
  public static final OpDefinition FLATTEN = add(new Flatten());
  public static final OpDefinition GATHER = add(new Gather());
  public static final OpDefinition RESHAPE = add(new Reshape());
  public static final OpDefinition SHAPE = add(new ShapeOperator());
  public static final OpDefinition SIZE = add(new Size());
  public static final OpDefinition SLICE = add(new Slice());
  public static final OpDefinition SPLIT = add(new Split());
  public static final OpDefinition SQUEEZE = add(new Squeeze());
  public static final OpDefinition TRANSPOSE = add(new Transpose());
  public static final OpDefinition UNSQUEEZE = add(new Unsqueeze());

  // Recurrent networks and attention.

  // Control flow.

  // Fused forms of ours.

  public static final OpDefinition FUSED_CONV = add(new FusedConv());
  public static final OpDefinition FUSED_GEMM = add(new FusedGemm());
  public static final OpDefinition FUSED_MAT_MUL = add(new FusedMatMul());

  private static final OpRegistry REGISTRY = OpRegistry.of(ALL);

  private StandardOps() {}

  private static OpDefinition add(OpDefinition definition) {
    ALL.add(definition);
    return definition;
  }

  /** All operators of the catalogue. */
  public static OpRegistry registry() {
    return REGISTRY;
  }
}
