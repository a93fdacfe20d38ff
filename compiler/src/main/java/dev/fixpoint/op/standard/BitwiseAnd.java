package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * The conjunction of the bits of two integer tensors, with broadcasting: ONNX BitwiseAnd, opset 18.
 */
public final class BitwiseAnd extends BinaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("BitwiseAnd")
          .versions(18)
          .input("A", Types.INTEGERS)
          .input("B", Types.INTEGERS)
          .output("C", Types.INTEGERS)
          .doc("The conjunction of bits, with broadcasting.");

  BitwiseAnd() {
    super(SCHEMA);
  }

  @Override
  BinaryFunction function(Attributes attributes) {
    return BitFunction.of((a, b, _) -> a & b);
  }
}
