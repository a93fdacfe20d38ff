package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** Marks where a value leaves an integer region and is float again: the identity. */
public final class DeQuantStub extends Stub {
  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("DeQuantStub"))
          .versions(1)
          .input("x", Types.FLOATS)
          .output("y", Types.FLOATS)
          .doc("The identity, where integer values will be float again.");

  DeQuantStub() {
    super(SCHEMA);
  }
}
