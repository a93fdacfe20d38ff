package dev.fixpoint.runtime.internal.op;

import static dev.fixpoint.runtime.internal.op.DrawnCall.activation;
import static dev.fixpoint.runtime.internal.op.DrawnCall.byteType;
import static dev.fixpoint.runtime.internal.op.DrawnCall.bytes;
import static dev.fixpoint.runtime.internal.op.DrawnCall.floats;
import static dev.fixpoint.runtime.internal.op.DrawnCall.integers;
import static dev.fixpoint.runtime.internal.op.DrawnCall.ints;
import static dev.fixpoint.runtime.internal.op.DrawnCall.wideType;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.MatMulNBits;
import dev.fixpoint.op.quant.QLinearSoftmax;
import dev.fixpoint.op.standard.AveragePool;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;

/** Draws calls of every operator that has a kernel, with shapes that hit the tails. */
final class CallDrawing {
  private static final int[] WIDTHS = {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 24, 31, 33, 48, 65};

  private static final Attribute<Long> BLOCK_SIZE = Attribute.ofInt("blocksize");

  private final Random random;

  CallDrawing(Random random) {
    this.random = random;
  }

  DrawnCall draw(OpId id) {
    DrawnCall call = new DrawnCall(random, id);
    return switch (id.name()) {
      case "QConv" -> random.nextInt(4) == 0 ? dynamicConvolution(call) : integerConvolution(call);
      case "QLinearConv" -> linearConvolution(call);
      case "QGemm" -> integerProduct(call, true);
      case "QMatMul" -> random.nextBoolean() ? integerProduct(call, false) : integerBatches(call);
      case "FakeQuant" -> call.variable(floats(random, image())).parameters(byteType(random));
      case "QLinearMatMul" -> linearProduct(call);
      case "DynamicQuantizeLinear" -> call.variable(floats(random, image())).outputs(3);
      case "MatMulIntegerToFloat" -> dynamicProduct(call);
      case "DynamicQMatMul" -> rowwiseProduct(call);
      case "MatMulNBits" -> blockedProduct(call);
      case "MatMulInteger" -> integerSums(call);
      case "ConvInteger" -> integerConvolutionSums(call);
      case "QLinearSoftmax" -> {
        boolean single = random.nextBoolean();
        yield quantized(call, size(), 1 + random.nextInt(3), size())
            .parameters(byteType(random))
            .with(QLinearSoftmax.OPSET, single ? 13L : 11L)
            .with(QLinearSoftmax.AXIS, single ? 2L : 1L + random.nextInt(2));
      }
      case "QLinearAdd", "QLinearMul" -> integerPair(call);
      case "QLinearAveragePool" ->
          window(quantized(call, image()).parameters(byteType(random)), true);
      case "QLinearGlobalAveragePool", "QLinearLeakyRelu", "QLinearSigmoid" ->
          quantized(call, image()).parameters(byteType(random));
      case "QLinearConcat" -> integerConcat(call);
      case "QAdd", "QMul" -> {
        long[] sizes = image();
        anyQuantized(call, sizes);
        anyQuantized(call, broadcastFrom(sizes));
        yield call.parameters(anyType()).with(activation(random));
      }
      case "QMaxPool" -> window(call.variable(integers(random, wideType(random), image())), false);
      case "QAveragePool" -> window(anyQuantized(call, image()).parameters(anyType()), true);
      case "QGlobalAveragePool" -> anyQuantized(call, image()).parameters(anyType());
      case "QTable" -> table(call);
      case "QConcat" -> integerConcat(call);
      case "Requantize" -> anyQuantized(call, image()).parameters(anyType());
      case "QuantizeLinear" -> call.variable(floats(random, image())).parameters(anyType());
      case "DequantizeLinear" -> anyQuantized(call, image());
      case "Conv" -> convolution(call, false);
      case "FusedConv" -> convolution(call, true);
      case "ConvTranspose" -> transposed(call);
      case "FusedConvTranspose" -> transposed(call).with(activation(random));
      case "QConvTranspose" -> integerTransposed(call);
      case "Gemm", "FusedGemm" -> product(call, true);
      case "MatMul", "FusedMatMul" ->
          random.nextBoolean()
              ? product(call, false)
              : call.variable(floats(random, 2, 3, size(), 17))
                  .variable(floats(random, 2, 1, 17, size()));
      case "Add", "Sub", "Mul", "Div" -> pair(call);
      case "MaxPool" ->
          window(
              random.nextBoolean()
                  ? call.variable(floats(random, image()))
                  : call.variable(bytes(random, byteType(random), image())),
              false);
      case "AveragePool" -> window(call.variable(floats(random, image())), true);
      case "GlobalAveragePool" -> call.variable(floats(random, image()));
      case "ReduceMean" ->
          call.variable(floats(random, image()))
              .constant(
                  switch (random.nextInt(4)) {
                    case 0 -> Tensor.vector(2, -1);
                    case 1 -> Tensor.vector(1);
                    case 2 -> Tensor.vector(-2, 1);
                    default -> Tensor.vector(3);
                  });
      case "BatchNormalization" -> batchNormalization(call);
      case "Softmax" -> call.variable(floats(random, size(), size()));
      case "QSoftmax" -> call.variable(floats(random, size(), size())).parameters(byteType(random));
      case "LayerNormalization" -> normalization(call);
      case "QLayerNormalization" -> writingIntegers(call);
      case "Concat" -> concat(call);
      case "Slice" ->
          anyImage(call)
              .constant(Tensor.vector(random.nextInt(2), -2))
              .constant(Tensor.vector(Integer.MAX_VALUE, -9))
              .constant(Tensor.vector(1, 2))
              .constant(Tensor.vector(1 + random.nextInt(2), -1));
      case "Split" -> {
        int axis = random.nextInt(4);
        long[] sizes = image();
        sizes[axis] = 5;
        yield call.variable(floats(random, sizes))
            .constant(Tensor.vector(2, 3))
            .with("axis", axis)
            .outputs(2);
      }
      case "Gather" -> {
        int axis = random.nextInt(4);
        long[] sizes = image();
        Tensor indices =
            random.nextBoolean() ? Tensor.vector(0, -1, 0) : Tensor.scalar(ElementType.INT64, -1);
        yield call.variable(floats(random, sizes)).constant(indices).with("axis", axis);
      }
      case "Pad" -> pad(call);
      case "Expand" -> call.variable(floats(random, 2, 1, 3)).constant(Tensor.vector(2, 2, 5, 3));
      case "Tile" -> anyImage(call).constant(Tensor.vector(1, 2, 1, 3));
      case "DepthToSpace" -> call.variable(floats(random, 2, 12, 3, 5)).with(BLOCK_SIZE, 2L);
      case "SpaceToDepth" -> call.variable(floats(random, 1, 3, 4, 6)).with(BLOCK_SIZE, 2L);
      case "Transpose" -> call.variable(floats(random, image())).with("perm", 0, 2, 3, 1);
      case "Clip" -> {
        ElementType type = random.nextBoolean() ? ElementType.FLOAT : byteType(random);
        boolean isFloat = type == ElementType.FLOAT;
        yield call.variable(isFloat ? floats(random, image()) : bytes(random, type, image()))
            .constant(Tensor.scalar(type, isFloat ? -0.5 : 5))
            .constant(Tensor.scalar(type, isFloat ? 1.5 : 100));
      }
      case "Log", "Sqrt" -> call.variable(positive(1, 2, 4, 5));
      default -> call.variable(floats(random, image()));
    };
  }

  private ElementType anyType() {
    return random.nextInt(3) == 0 ? wideType(random) : byteType(random);
  }

  private DrawnCall table(DrawnCall call) {
    long[] sizes = image();
    ElementType type = random.nextInt(8) == 0 ? wideType(random) : byteType(random);
    call.variable(integers(random, type, sizes));
    boolean eachChannel = type.bits() == 8 && random.nextInt(3) == 0;
    return eachChannel
        ? call.constant(bytes(random, byteType(random), sizes[1], 256))
        : call.constant(integers(random, anyType(), 1 << type.bits()));
  }

  private DrawnCall anyImage(DrawnCall call) {
    return random.nextBoolean()
        ? call.variable(floats(random, image()))
        : call.variable(bytes(random, byteType(random), image()));
  }

  private DrawnCall pad(DrawnCall call) {
    ElementType type = byteType(random);
    boolean isFloat = random.nextBoolean();
    long[] sizes = image();
    call.variable(isFloat ? floats(random, sizes) : bytes(random, type, sizes))
        .constant(Tensor.vector(0, random.nextInt(2), 2, 1, 0, 1, 0, random.nextInt(3)));
    return random.nextBoolean()
        ? call.constant(Tensor.scalar(isFloat ? ElementType.FLOAT : type, 7))
        : call;
  }

  private Tensor positive(long... sizes) {
    float[] values = floats(random, sizes).toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]) + 0.25f;
    }
    return Tensor.ofFloats(Shape.of(sizes), values);
  }

  private DrawnCall batchNormalization(DrawnCall call) {
    long[] sizes = random.nextInt(3) == 0 ? new long[] {1 + random.nextInt(3), size()} : image();
    long channels = sizes[1];
    return call.variable(floats(random, sizes))
        .constant(floats(random, channels))
        .constant(floats(random, channels))
        .constant(floats(random, channels))
        .constant(positive(channels));
  }

  private int size() {
    return WIDTHS[random.nextInt(WIDTHS.length)];
  }

  private long[] image() {
    return new long[] {1 + random.nextInt(2), size(), 3 + random.nextInt(9), 3 + random.nextInt(9)};
  }

  private DrawnCall quantized(DrawnCall call, long... sizes) {
    ElementType type = byteType(random);
    return call.variable(bytes(random, type, sizes)).parameters(type);
  }

  /** As {@code quantized}, with 16 bits one time in three. */
  private DrawnCall anyQuantized(DrawnCall call, long... sizes) {
    ElementType type = anyType();
    return call.variable(integers(random, type, sizes)).parameters(type);
  }

  /** An element type that a kernel can give for the first input: 16 bits only from 16 bits. */
  private ElementType outputType(DrawnCall call) {
    boolean wide = call.call().type(0).elementType().bits() == 16;
    return wide && random.nextBoolean() ? wideType(random) : byteType(random);
  }

  /** Draws kernel attributes and returns [groups, channels of a group, columns, kh, kw]. */
  private int[] kernel(DrawnCall call) {
    int kh = 1 + random.nextInt(3);
    int kw = random.nextInt(4) == 0 ? 5 : 1 + random.nextInt(3);
    int channels = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : size();
    int columns = size();
    int groups = 1;
    switch (random.nextInt(4)) {
      case 0 -> {
        groups = channels;
        columns = groups * (1 + random.nextInt(2));
        channels = 1;
      }
      case 1 -> {
        groups = 2;
        columns *= 2;
      }
      default -> groups = 1;
    }
    call.with("group", groups)
        .with("kernel_shape", kh, kw)
        .with("strides", 1 + random.nextInt(2), 1 + random.nextInt(2))
        .with("dilations", 1 + random.nextInt(2), 1 + random.nextInt(2))
        .with(
            "pads",
            random.nextInt(kh + 1),
            random.nextInt(kw + 1),
            random.nextInt(kh + 1),
            random.nextInt(kw + 1));
    return new int[] {groups, channels, columns, kh, kw};
  }

  private long[] convolved(int[] kernel) {
    int least = 1 + 2 * 5;
    return new long[] {
      1 + random.nextInt(2),
      (long) kernel[0] * kernel[1],
      least + random.nextInt(6),
      least + random.nextInt(6)
    };
  }

  private DrawnCall integerConvolution(DrawnCall call) {
    int[] kernel = kernel(call);
    long[] sizes = convolved(kernel);
    ElementType weights = byteType(random);
    anyQuantized(call, sizes)
        .constant(bytes(random, weights, kernel[2], kernel[1], kernel[3], kernel[4]))
        .weightParameters(weights, kernel[2]);
    optionalBias(call, kernel[2]);
    optionalOutput(call);
    if (random.nextBoolean()) {
      Shape output = call.op().inferTypes(call.call()).getFirst().shape();
      if (random.nextInt(3) == 0) {
        call.variable(floats(random, output.sizes()));
      } else {
        quantized(call, output.sizes());
      }
    }
    return call.with(activation(random));
  }

  private DrawnCall dynamicConvolution(DrawnCall call) {
    int[] kernel = kernel(call);
    long[] sizes = convolved(kernel);
    ElementType left = byteType(random);
    ElementType weights = byteType(random);
    call.variable(bytes(random, left, sizes))
        .variable(Tensor.scalar(ElementType.FLOAT, call.scale()));
    if (random.nextBoolean()) {
      call.variable(bytes(random, left, 1));
    } else {
      call.absent();
    }
    return call.constant(bytes(random, weights, kernel[2], kernel[1], kernel[3], kernel[4]))
        .weightParameters(weights, kernel[2]);
  }

  private void optionalBias(DrawnCall call, int columns) {
    if (random.nextBoolean()) {
      call.constant(ints(random, columns));
    } else {
      call.absent();
    }
  }

  private void optionalOutput(DrawnCall call) {
    if (random.nextInt(4) == 0) {
      call.absent().absent();
    } else {
      call.parameters(outputType(call));
    }
  }

  private DrawnCall linearConvolution(DrawnCall call) {
    int[] kernel = kernel(call);
    long[] sizes = convolved(kernel);
    ElementType weights = byteType(random);
    ElementType output = byteType(random);
    ElementType input = byteType(random);
    return call.variable(bytes(random, input, sizes))
        .constant(Tensor.scalar(ElementType.FLOAT, call.scale()))
        .constant(Tensor.scalar(input, 3))
        .constant(bytes(random, weights, kernel[2], kernel[1], kernel[3], kernel[4]))
        .constant(Tensor.scalar(ElementType.FLOAT, call.scale() * 0.01))
        .constant(Tensor.scalar(weights, 5))
        .constant(Tensor.scalar(ElementType.FLOAT, call.scale()))
        .constant(Tensor.scalar(output, 7))
        .constant(ints(random, kernel[2]));
  }

  private DrawnCall integerProduct(DrawnCall call, boolean gemm) {
    int depth = random.nextInt(4) == 0 ? 1000 + random.nextInt(200) : size();
    int columns = size();
    boolean transposed = gemm && random.nextBoolean();
    if (transposed) {
      call.with("transB", 1);
    }
    ElementType weights = byteType(random);
    int rows = random.nextInt(3) == 0 ? 1 : size();
    boolean stacked = !gemm && random.nextBoolean();
    long[] sizes = stacked ? new long[] {2, rows, depth} : new long[] {rows, depth};
    if (call.op().id().domain().equals(OpId.FIXPOINT)) {
      anyQuantized(call, sizes);
    } else {
      quantized(call, sizes);
    }
    call.constant(
            transposed
                ? bytes(random, weights, columns, depth)
                : bytes(random, weights, depth, columns))
        .weightParameters(weights, columns);
    optionalBias(call, columns);
    optionalOutput(call);
    return call.with(activation(random));
  }

  private DrawnCall integerBatches(DrawnCall call) {
    int depth = size();
    int columns = size();
    ElementType right = anyType();
    anyQuantized(call, 2, 3, size(), depth).variable(integers(random, right, 3, depth, columns));
    if (right.bits() == 8 && call.call().type(0).elementType().bits() == 8) {
      call.weightParameters(right, columns);
    } else {
      call.parameters(right);
    }
    call.absent();
    optionalOutput(call);
    return call.with(activation(random));
  }

  private DrawnCall linearProduct(DrawnCall call) {
    int depth = size();
    int columns = size();
    ElementType input = byteType(random);
    ElementType weights = byteType(random);
    return call.variable(bytes(random, input, size(), depth))
        .constant(Tensor.scalar(ElementType.FLOAT, call.scale()))
        .constant(Tensor.scalar(input, 3))
        .constant(bytes(random, weights, depth, columns))
        .constant(Tensor.scalar(ElementType.FLOAT, call.scale() * 0.01))
        .constant(Tensor.scalar(weights, 5))
        .constant(Tensor.scalar(ElementType.FLOAT, call.scale()))
        .constant(Tensor.scalar(byteType(random), 7));
  }

  private DrawnCall dynamicProduct(DrawnCall call) {
    int depth = random.nextInt(4) == 0 ? 1000 + random.nextInt(200) : size();
    int columns = size();
    int rows = random.nextInt(3) == 0 ? 1 : size();
    ElementType left = byteType(random);
    ElementType right = byteType(random);
    call.variable(bytes(random, left, 2, rows, depth))
        .constant(bytes(random, right, depth, columns))
        .variable(Tensor.scalar(ElementType.FLOAT, call.scale()));
    boolean each = random.nextBoolean();
    call.constant(positive(each ? columns : 1));
    if (random.nextBoolean()) {
      call.variable(bytes(random, left, 1));
    } else {
      call.absent();
    }
    if (random.nextBoolean()) {
      call.constant(bytes(random, right, each ? columns : 1));
    } else {
      call.absent();
    }
    return random.nextBoolean() ? call.constant(floats(random, columns)) : call;
  }

  private DrawnCall rowwiseProduct(DrawnCall call) {
    int depth = random.nextInt(4) == 0 ? 1000 + random.nextInt(200) : size();
    int columns = size();
    int rows = random.nextInt(3) == 0 ? 1 : 2 * size();
    ElementType right = byteType(random);
    call.variable(floats(random, 2, rows, depth))
        .constant(bytes(random, right, depth, columns))
        .weightParameters(right, columns);
    if (random.nextBoolean()) {
      call.constant(floats(random, random.nextBoolean() ? columns : 1));
    } else {
      call.absent();
    }
    return call.with(activation(random));
  }

  /** Depths lie on both sides of those whose sums float32 holds. */
  private DrawnCall integerSums(DrawnCall call) {
    int depth = random.nextInt(3) == 0 ? 200 + random.nextInt(900) : size();
    int columns = size();
    int rows = random.nextInt(3) == 0 ? 1 : size();
    ElementType left = byteType(random);
    ElementType right = byteType(random);
    boolean weighted = random.nextBoolean();
    Tensor b =
        weighted
            ? corners(right, depth, columns)
            : corners(right, 1 + random.nextInt(2), depth, columns);
    call.variable(corners(left, 2, rows, depth));
    add(call, b, weighted);
    switch (random.nextInt(3)) {
      case 0 -> call.absent();
      case 1 -> add(call, bytes(random, left, rows), random.nextBoolean());
      default -> add(call, corners(left, 1), random.nextBoolean());
    }
    return random.nextBoolean()
        ? add(call, corners(right, random.nextBoolean() ? columns : 1), weighted)
        : call;
  }

  private static DrawnCall add(DrawnCall call, Tensor tensor, boolean isConstant) {
    return isConstant ? call.constant(tensor) : call.variable(tensor);
  }

  /** Bytes that are all alike one time in four: 0, 127, -128 or 255. */
  private Tensor corners(ElementType type, long... sizes) {
    Tensor drawn = bytes(random, type, sizes);
    byte[] corners = {0, 127, -128, -1};
    if (random.nextInt(4) == 0) {
      byte[] all = new byte[Math.toIntExact(drawn.elementCount())];
      Arrays.fill(all, corners[random.nextInt(corners.length)]);
      return Tensor.ofBytes(type, Shape.of(sizes), all);
    }
    return drawn;
  }

  private DrawnCall integerConvolutionSums(DrawnCall call) {
    int[] kernel = kernel(call);
    ElementType input = byteType(random);
    ElementType weights = byteType(random);
    call.variable(corners(input, convolved(kernel)))
        .constant(corners(weights, kernel[2], kernel[1], kernel[3], kernel[4]));
    if (random.nextBoolean()) {
      add(call, corners(input, 1), random.nextBoolean());
    } else {
      call.absent();
    }
    return random.nextBoolean()
        ? call.constant(corners(weights, random.nextBoolean() ? kernel[2] : 1))
        : call;
  }

  private DrawnCall blockedProduct(DrawnCall call) {
    int bits = 2 << random.nextInt(3);
    int block = 16 << random.nextInt(3);
    int depth = random.nextInt(4) == 0 ? 500 + random.nextInt(200) : size();
    int columns = size();
    int blocks = Math.ceilDiv(depth, block);
    call.with(MatMulNBits.K, (long) depth)
        .with(MatMulNBits.N, (long) columns)
        .with(MatMulNBits.BITS, (long) bits)
        .with(MatMulNBits.BLOCK_SIZE, (long) block);
    float[] left = floats(random, 1 + random.nextInt(9), depth).toFloats();
    if (random.nextInt(5) == 0) {
      // Sums of such rows with integers would overflow where their weights are small.
      left[random.nextInt(left.length)] = random.nextBoolean() ? 0x1p100f : 0x1p-140f;
    }
    call.variable(Tensor.ofFloats(Shape.of(left.length / depth, depth), left))
        .constant(bytes(random, ElementType.UINT8, columns, blocks, block * bits / 8))
        .constant(positive((long) columns * blocks));
    switch (random.nextInt(3)) {
      case 0 -> call.absent();
      case 1 -> call.constant(floats(random, (long) columns * blocks));
      default ->
          call.constant(
              bytes(random, ElementType.UINT8, (long) columns * Math.ceilDiv(blocks * bits, 8)));
    }
    call.absent();
    return random.nextBoolean() ? call.constant(floats(random, columns)) : call;
  }

  private long[] broadcastFrom(long[] sizes) {
    return switch (random.nextInt(4)) {
      case 0 -> new long[] {sizes[0], sizes[1], 1, 1};
      case 1 -> new long[] {sizes[1], 1, 1};
      case 2 -> new long[] {1};
      default -> sizes;
    };
  }

  private DrawnCall integerPair(DrawnCall call) {
    long[] sizes = image();
    quantized(call, sizes);
    quantized(call, broadcastFrom(sizes));
    return call.parameters(byteType(random));
  }

  private DrawnCall pair(DrawnCall call) {
    long[] sizes = image();
    long[] other = broadcastFrom(sizes);
    return random.nextBoolean()
        ? call.variable(floats(random, sizes)).constant(floats(random, other))
        : call.variable(floats(random, other)).variable(floats(random, sizes));
  }

  private DrawnCall integerConcat(DrawnCall call) {
    long[] sizes = image();
    call.parameters(byteType(random));
    for (int i = 0; i < 3; i++) {
      quantized(call, sizes[0], size(), sizes[2], sizes[3]);
    }
    return call.with("axis", 1);
  }

  private DrawnCall concat(DrawnCall call) {
    long[] sizes = image();
    for (int i = 0; i < 3; i++) {
      call.variable(floats(random, sizes[0], sizes[1], size(), sizes[3]));
    }
    return call.with("axis", -2);
  }

  private DrawnCall window(DrawnCall call, boolean mean) {
    call.with("kernel_shape", 2, 3)
        .with("strides", 1 + random.nextInt(2), 1 + random.nextInt(2))
        .with("pads", random.nextInt(2), random.nextInt(2), random.nextInt(2), random.nextInt(2));
    return mean && random.nextBoolean() ? call.with(AveragePool.COUNT_INCLUDE_PAD, 1L) : call;
  }

  private DrawnCall convolution(DrawnCall call, boolean fused) {
    int[] kernel = kernel(call);
    long[] sizes = convolved(kernel);
    call.variable(floats(random, sizes))
        .constant(floats(random, kernel[2], kernel[1], kernel[3], kernel[4]));
    if (random.nextBoolean()) {
      call.constant(floats(random, kernel[2]));
    } else {
      call.absent();
    }
    if (fused) {
      call.with(activation(random));
      if (random.nextBoolean()) {
        call.variable(floats(random, call.op().inferTypes(call.call()).getFirst().shape().sizes()));
      }
    }
    return call;
  }

  private DrawnCall transposed(DrawnCall call) {
    int groups = 1 + random.nextInt(2);
    long channels = size();
    long columns = 1 + random.nextInt(20);
    int kh = 1 + random.nextInt(3);
    int kw = 1 + random.nextInt(3);
    int stride = 1 + random.nextInt(3);
    call.with("group", groups)
        .with("strides", stride, 1 + random.nextInt(2))
        .with("dilations", 1 + random.nextInt(2), 1)
        .with("pads", random.nextInt(kh), random.nextInt(kw), random.nextInt(kh), 0)
        .with("output_padding", stride - 1, 0)
        .variable(floats(random, 1 + random.nextInt(2), groups * channels, 4, 5))
        .constant(floats(random, groups * channels, columns, kh, kw));
    return random.nextBoolean() ? call.constant(floats(random, groups * columns)) : call;
  }

  private DrawnCall integerTransposed(DrawnCall call) {
    int groups = random.nextInt(3) == 0 ? 1 + random.nextInt(9) : 1 + random.nextInt(2);
    long channels = random.nextInt(3) == 0 ? 1 : size();
    int columns = 1 + random.nextInt(20);
    int[] kernel = {1 + random.nextInt(4), 1 + random.nextInt(4)};
    int[] stride = {1 + random.nextInt(4), 1 + random.nextInt(3)};
    int[] dilation = {1 + random.nextInt(3), 1 + random.nextInt(3)};
    call.with("group", groups)
        .with("strides", stride[0], stride[1])
        .with("dilations", dilation[0], dilation[1]);
    switch (random.nextInt(4)) {
      case 0 ->
          call.with(WindowGeometry.AUTO_PAD, random.nextBoolean() ? "SAME_UPPER" : "SAME_LOWER");
      case 1 -> call.with("output_shape", 3 + random.nextInt(9), 3 + random.nextInt(9));
      default ->
          call.with("pads", random.nextInt(4), random.nextInt(4), random.nextInt(3), 0)
              .with("output_padding", random.nextInt(stride[0]), random.nextInt(stride[1]));
    }
    ElementType weights = byteType(random);
    anyQuantized(call, 1 + random.nextInt(2), groups * channels, 5 + random.nextInt(4), 6)
        .constant(bytes(random, weights, groups * channels, columns, kernel[0], kernel[1]))
        .constant(
            random.nextBoolean()
                ? positive(groups * columns)
                : Tensor.scalar(ElementType.FLOAT, 0.02))
        .constant(Tensor.scalar(weights, random.nextInt(100)));
    optionalBias(call, groups * columns);
    optionalOutput(call);
    return call.with(activation(random));
  }

  private DrawnCall product(DrawnCall call, boolean gemm) {
    int depth = size();
    int columns = size();
    boolean transposed = gemm && random.nextBoolean();
    if (transposed) {
      call.with("transB", 1);
    }
    if (gemm || random.nextBoolean()) {
      call.variable(floats(random, size(), depth));
    } else {
      call.variable(floats(random, 2, size(), depth));
    }
    call.constant(transposed ? floats(random, columns, depth) : floats(random, depth, columns));
    boolean fused = call.op().id().name().startsWith("Fused");
    if ((gemm || fused) && random.nextBoolean()) {
      call.constant(floats(random, columns));
    }
    return fused ? call.with(activation(random)) : call;
  }

  private DrawnCall writingIntegers(DrawnCall call) {
    int length = 2 + size();
    call.variable(floats(random, 2, size(), length)).constant(floats(random, length));
    if (random.nextBoolean()) {
      call.constant(floats(random, length));
    } else {
      call.absent();
    }
    return call.parameters(byteType(random));
  }

  private DrawnCall normalization(DrawnCall call) {
    int length = 2 + size();
    call.variable(floats(random, 2, size(), length)).constant(floats(random, length));
    return random.nextBoolean() ? call.constant(floats(random, length)) : call;
  }
}
