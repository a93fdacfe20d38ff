package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * The exclusive disjunction of the bits of two integer tensors, with broadcasting: ONNX BitwiseXor,
 * opset 18.
 */
public final class BitwiseXor extends BinaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("BitwiseXor")
          .versions(18)
          .input("A", Types.INTEGERS)
          .input("B", Types.INTEGERS)
          .output("C", Types.INTEGERS)
          .doc("The exclusive disjunction of bits, with broadcasting.");

  BitwiseXor() {
    super(SCHEMA);
  }

  @Override
  BinaryFunction function(Attributes attributes) {
    return BitFunction.of((a, b, _) -> a ^ b);
  }
}
