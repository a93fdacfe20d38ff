package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;

/**
 * A product of integers as float32: {@code float(acc) * (aScale * bScale[column]) + bias[column]},
 * every step one float32 operation.
 */
final class DequantizedProduct {
  private DequantizedProduct() {}

  /**
   * The product.
   *
   * @param left left operand less its zero point
   * @param right right operand less its zero point
   * @param bScales one scale, or one for each column
   * @param biasInput input of the call with the bias of each column, which may be absent
   */
  static Tensor of(
      OpCall call,
      BatchedProduct product,
      int[] left,
      int[] right,
      float aScale,
      float[] bScales,
      int biasInput) {
    int columns = product.columns();
    if (bScales.length != 1 && bScales.length != columns) {
      throw new IllegalArgumentException(
          "there are " + columns + " columns but " + bScales.length + " scales");
    }
    Tensor biasTensor = call.constant(biasInput);
    float[] bias = biasTensor == null ? new float[columns] : biasTensor.toFloats();
    if (bias.length != columns) {
      throw new IllegalArgumentException(
          "bias has " + bias.length + " entries for " + columns + " columns");
    }
    Shape shape = product.output();
    float[] output = new float[Math.toIntExact(shape.elementCount())];
    product.forEachRow(
        left,
        right,
        null,
        (offset, row) -> {
          for (int c = 0; c < row.length; c++) {
            float scale = aScale * bScales[bScales.length == 1 ? 0 : c];
            float scaled = (float) row[c] * scale;
            output[offset + c] = biasTensor == null ? scaled : scaled + bias[c];
          }
        });
    return Tensor.ofFloats(shape, output);
  }
}
