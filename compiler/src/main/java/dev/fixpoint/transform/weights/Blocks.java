package dev.fixpoint.transform.weights;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantizeLinear;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.QuantParams.ParamIndex;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which weights share a scale: those of an output channel, or of a run along the input axis (ONNX
 * DequantizeLinear, opset 21).
 *
 * @param matrix the weights
 * @param blockSize elements of the input axis in a block; 0 for whole output channels
 */
record Blocks(WeightMatrix matrix, int blockSize) {

  /** Shape of the tensor of scales. */
  Shape scaleShape() {
    if (blockSize == 0) {
      return Shape.of(matrix.rows());
    }
    long[] sizes = Arrays.stream(matrix.shape().intSizes()).asLongStream().toArray();
    sizes[matrix.inputAxis()] = Math.ceilDiv(sizes[matrix.inputAxis()], (long) blockSize);
    return Shape.of(sizes);
  }

  /** Number of blocks. */
  int count() {
    return Math.toIntExact(scaleShape().elementCount());
  }

  /** The attributes of the DequantizeLinear. */
  Attributes attributes() {
    return blockSize == 0
        ? Attributes.NONE.with(QuantizeLinear.AXIS, (long) matrix.channelAxis())
        : Attributes.NONE
            .with(QuantizeLinear.AXIS, (long) matrix.inputAxis())
            .with(QuantizeLinear.BLOCK_SIZE, (long) blockSize);
  }

  /** The block of each element, by its row-major position in the stored weights. */
  int[] ofElements() {
    float[] ones = new float[count()];
    Arrays.fill(ones, 1);
    long[] zeros = new long[ones.length];
    QuantParams params =
        blockSize == 0
            ? QuantParams.perAxis(ElementType.INT8, matrix.channelAxis(), ones, zeros)
            : QuantParams.perBlock(ElementType.INT8, matrix.inputAxis(), blockSize, ones, zeros);
    ParamIndex index = params.index(matrix.shape());
    int[] blocks = new int[Math.toIntExact(matrix.shape().elementCount())];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = index.of(i);
    }
    return blocks;
  }

  /** The positions of the elements of each block. */
  List<int[]> elements() {
    int[] blocks = ofElements();
    int[] sizes = new int[count()];
    for (int block : blocks) {
      sizes[block]++;
    }
    List<int[]> elements = new ArrayList<>();
    for (int size : sizes) {
      elements.add(new int[size]);
    }
    int[] next = new int[sizes.length];
    for (int i = 0; i < blocks.length; i++) {
      elements.get(blocks[i])[next[blocks[i]]++] = i;
    }
    return elements;
  }
}
