package dev.fixpoint.testing.internal;

import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;

/**
 * Where the operands of a weighted operator stand among its inputs, and which of them are
 * quantized. A scale and a zero point follow a quantized operand; positions below 0 mean none.
 *
 * @param left activations
 * @param right weights
 * @param addend bias, or what is added to each row
 * @param residual what is added to the result
 * @param output scale of the result
 * @param leftIsQuantized whether activations are integers, too
 * @param rightIsQuantized whether weights are integers
 */
record Operands(
    int left,
    int right,
    int addend,
    int residual,
    int output,
    boolean leftIsQuantized,
    boolean rightIsQuantized) {
  /** Of an operator on real numbers. */
  static final Operands REAL = new Operands(0, 1, 2, 3, -1, false, false);

  /** Of QConv, QGemm and QMatMul. */
  static final Operands QUANTIZED = new Operands(0, 3, 6, 9, 7, true, true);

  /** Of QLinearConv and QLinearMatMul. */
  static final Operands LINEAR = new Operands(0, 3, 8, -1, 6, true, true);

  /** Of DynamicQMatMul. */
  static final Operands DYNAMIC = new Operands(0, 1, 4, -1, -1, false, true);

  /** Gives an open operand a shape, and the type that it has here. */
  void open(Slots slots, int index, Shape shape) {
    if (index < 0) {
      return;
    }
    if (index == addend && leftIsQuantized) {
      slots.open(index, new TensorType(ElementType.INT32, shape), Fill.BIAS);
    } else if ((index == left && leftIsQuantized) || (index == right && rightIsQuantized)) {
      slots.open(index, new TensorType(bytes(slots), shape), Fill.ANY);
    } else if (index == residual && leftIsQuantized && slots.isPresent(index + 1)) {
      slots.open(index, new TensorType(bytes(slots), shape), Fill.ANY);
      parameters(slots, index, Shape.SCALAR);
    } else if (index == residual && leftIsQuantized) {
      slots.open(index, new TensorType(ElementType.FLOAT, shape), Fill.ANY);
    } else {
      slots.open(index, shape);
    }
  }

  /**
   * Gives quantized operands their parameters.
   *
   * @param channels number of scales that the weights may have
   */
  void openParameters(Slots slots, long channels) {
    if (leftIsQuantized) {
      parameters(slots, left, Shape.SCALAR);
    }
    if (rightIsQuantized) {
      parameters(slots, right, slots.oneIn(2) ? Shape.of(channels) : Shape.SCALAR);
    }
    if (output >= 0) {
      slots.open(output, new TensorType(ElementType.FLOAT, Shape.SCALAR), Fill.STEP);
      slots.open(output + 1, new TensorType(bytes(slots), Shape.SCALAR), Fill.ZERO_POINT);
    }
  }

  /** Scale and zero point of an operand that has a type. */
  private static void parameters(Slots slots, int operand, Shape shape) {
    if (!slots.isTyped(operand)) {
      return;
    }
    ElementType integers = slots.type(operand).elementType();
    slots.open(operand + 1, new TensorType(ElementType.FLOAT, shape), Fill.STEP);
    Shape zeroPoints = slots.isTyped(operand + 1) ? slots.shape(operand + 1) : shape;
    slots.open(operand + 2, new TensorType(integers, zeroPoints), Fill.ZERO_POINT);
  }

  /** One of the types of 8 bits. */
  static ElementType bytes(Slots slots) {
    return slots.pick(ElementType.INT8, ElementType.UINT8);
  }
}
