package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * The disjunction of the bits of two integer tensors, with broadcasting: ONNX BitwiseOr, opset 18.
 */
public final class BitwiseOr extends BinaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("BitwiseOr")
          .versions(18)
          .input("A", Types.INTEGERS)
          .input("B", Types.INTEGERS)
          .output("C", Types.INTEGERS)
          .doc("The disjunction of bits, with broadcasting.");

  BitwiseOr() {
    super(SCHEMA);
  }

  @Override
  BinaryFunction function(Attributes attributes) {
    return BitFunction.of((a, b, _) -> a | b);
  }
}
