package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * Marks where a float value enters an integer region: the identity, with the range that calibration
 * saw as attributes.
 */
public final class QuantStub extends Stub {
  /** Smallest value that calibration chose; absent before it ran. */
  public static final Attribute<Float> MIN = Attribute.ofFloat("min");

  /** Largest value that calibration chose; absent before it ran. */
  public static final Attribute<Float> MAX = Attribute.ofFloat("max");

  /**
   * How large most numbers are: root mean square without zeros and the largest hundredth, the
   * smallest one of the tensors that the value is put together from; absent where no data was seen.
   */
  public static final Attribute<Float> BULK = Attribute.ofFloat("bulk");

  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("QuantStub"))
          .versions(1)
          .input("x", Types.FLOATS)
          .output("y", Types.FLOATS)
          .attributes(MIN, MAX, BULK)
          .doc("The identity, where float values will be quantized.");

  QuantStub() {
    super(SCHEMA);
  }
}
