package dev.fixpoint.examples.peer;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.Reshape;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.Transpose;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * The networks of the benchmark against the peer, with seeded weights and BatchNormalization left
 * in: their shapes are those of the papers, their results mean nothing.
 */
final class Networks {
  private static final int CLASSES = 1000;
  private static final int SIZE = 224;
  private static final int DEPTHWISE_LAYERS = 16;
  private static final Dimension ONE = Dimension.of(1);

  private Networks() {}

  /** One product of float matrices with {@code n} rows, columns and depth. */
  static Graph matMul(long n) {
    Layers layers = new Layers("matmul", 1);
    Value x = layers.input(n, n);
    return layers.output(
        layers.call(StandardOps.MAT_MUL, Attributes.NONE, x, layers.weights(n, n, n)));
  }

  /** One fully connected layer on one row. */
  static Graph fullyConnected(long n) {
    Layers layers = new Layers("fully_connected", 2);
    return layers.output(layers.linear(layers.input(1, n), n, n));
  }

  /** Depthwise convolutions of 3 by 3 at stride 1 in a row, with the activation of MobileNetV2. */
  static Graph depthwise(int size, long channels) {
    Layers layers = new Layers("depthwise", 3);
    Value x = layers.input(1, channels, size, size);
    for (int layer = 0; layer < DEPTHWISE_LAYERS; layer++) {
      x = layers.clip(layers.conv(x, channels, channels, 3, 1, channels), 0, 6);
    }
    return layers.output(x);
  }

  /** ResNet-18 (He et al. 2015) at 224 by 224. */
  static Graph resNet18() {
    Layers layers = new Layers("resnet18", 18);
    Value x = stem(layers, ONE);
    long in = 64;
    for (int stage = 0; stage < 4; stage++) {
      long out = 64L << stage;
      for (int block = 0; block < 2; block++) {
        x = basic(layers, x, in, out, stage > 0 && block == 0 ? 2 : 1);
        in = out;
      }
    }
    return layers.output(layers.linear(layers.flatMean(x), in, CLASSES));
  }

  /** ResNet-50 (He et al. 2015) at 224 by 224, its strides in the 3 by 3 convolutions. */
  static Graph resNet50() {
    return resNet50(ONE);
  }

  /** ResNet-50 for batches of a size, which may be open. */
  static Graph resNet50(Dimension batch) {
    Layers layers = new Layers("resnet50", 50);
    Value x = stem(layers, batch);
    long in = 64;
    int[] blocks = {3, 4, 6, 3};
    for (int stage = 0; stage < blocks.length; stage++) {
      long middle = 64L << stage;
      for (int block = 0; block < blocks[stage]; block++) {
        x = bottleneck(layers, x, in, middle, stage > 0 && block == 0 ? 2 : 1);
        in = 4 * middle;
      }
    }
    return layers.output(layers.linear(layers.flatMean(x), in, CLASSES));
  }

  private static Value stem(Layers layers, Dimension batch) {
    Value x = normed(layers, layers.images(batch, SIZE), 3, 64, 7, 2, 1);
    return layers.maxPool(layers.relu(x), 1);
  }

  private static Value normed(
      Layers layers, Value x, long in, long out, long kernel, long stride, long groups) {
    return layers.norm(layers.conv(x, in, out, kernel, stride, groups), out);
  }

  private static Value basic(Layers layers, Value x, long in, long out, long stride) {
    Value y = layers.relu(normed(layers, x, in, out, 3, stride, 1));
    y = normed(layers, y, out, out, 3, 1, 1);
    return layers.relu(layers.add(y, shortcut(layers, x, in, out, stride)));
  }

  private static Value bottleneck(Layers layers, Value x, long in, long middle, long stride) {
    long out = 4 * middle;
    Value y = layers.relu(normed(layers, x, in, middle, 1, 1, 1));
    y = layers.relu(normed(layers, y, middle, middle, 3, stride, 1));
    y = normed(layers, y, middle, out, 1, 1, 1);
    return layers.relu(layers.add(y, shortcut(layers, x, in, out, stride)));
  }

  private static Value shortcut(Layers layers, Value x, long in, long out, long stride) {
    return in == out && stride == 1 ? x : normed(layers, x, in, out, 1, stride, 1);
  }

  /** MobileNetV2 (Sandler et al. 2018) at 224 by 224. */
  static Graph mobileNetV2() {
    Layers layers = new Layers("mobilenet_v2", 2018);
    Value x = sixed(layers, normed(layers, layers.images(ONE, SIZE), 3, 32, 3, 2, 1));
    long in = 32;
    long[][] stages = {
      {1, 16, 1, 1},
      {6, 24, 2, 2},
      {6, 32, 3, 2},
      {6, 64, 4, 2},
      {6, 96, 3, 1},
      {6, 160, 3, 2},
      {6, 320, 1, 1}
    };
    for (long[] stage : stages) {
      for (int block = 0; block < stage[2]; block++) {
        x = inverted(layers, x, in, stage[0], stage[1], block == 0 ? stage[3] : 1);
        in = stage[1];
      }
    }
    x = sixed(layers, normed(layers, x, in, 1280, 1, 1, 1));
    return layers.output(layers.linear(layers.flatMean(x), 1280, CLASSES));
  }

  private static Value sixed(Layers layers, Value x) {
    return layers.clip(x, 0, 6);
  }

  private static Value inverted(
      Layers layers, Value x, long in, long expansion, long out, long stride) {
    long wide = in * expansion;
    Value y = expansion == 1 ? x : sixed(layers, normed(layers, x, in, wide, 1, 1, 1));
    y = sixed(layers, normed(layers, y, wide, wide, 3, stride, wide));
    y = normed(layers, y, wide, out, 1, 1, 1);
    return in == out && stride == 1 ? layers.add(x, y) : y;
  }

  /** SqueezeNet 1.1 (Iandola et al. 2016) at 224 by 224. */
  static Graph squeezeNet() {
    Layers layers = new Layers("squeezenet1_1", 2016);
    Value x = layers.relu(layers.valid(layers.images(ONE, SIZE), 3, 64, 3, 2));
    x = layers.maxPool(x, 0);
    long in = 64;
    long[] squeezed = {16, 16, 32, 32, 48, 48, 64, 64};
    for (int i = 0; i < squeezed.length; i++) {
      x = fire(layers, x, in, squeezed[i]);
      in = 8 * squeezed[i];
      x = i == 1 || i == 3 ? layers.maxPool(x, 0) : x;
    }
    return layers.output(layers.flatMean(layers.relu(layers.conv(x, in, CLASSES, 1, 1, 1))));
  }

  private static Value fire(Layers layers, Value x, long in, long squeezed) {
    Value s = layers.relu(layers.conv(x, in, squeezed, 1, 1, 1));
    return layers.concat(
        layers.relu(layers.conv(s, squeezed, 4 * squeezed, 1, 1, 1)),
        layers.relu(layers.conv(s, squeezed, 4 * squeezed, 3, 1, 1)));
  }

  /** A transformer's encoder block (Vaswani et al. 2017), normalized before each half. */
  static Graph transformer(long tokens, long width, long heads, long inner) {
    Layers layers = new Layers("transformer", 2017);
    Value x = layers.input(1, tokens, width);
    Value a = layerNorm(layers, x, width);
    Value mixed = attention(layers, a, tokens, width, heads);
    Value y = layers.add(x, dense(layers, mixed, width, width));
    Value hidden = dense(layers, layerNorm(layers, y, width), width, inner);
    Value active = layers.call(StandardOps.GELU, Attributes.NONE, hidden);
    return layers.output(layers.add(y, dense(layers, active, inner, width)));
  }

  private static Value attention(Layers layers, Value x, long tokens, long width, long heads) {
    long each = width / heads;
    Value q = heads(layers, dense(layers, x, width, width), tokens, heads, each, 0, 2, 1, 3);
    Value k = heads(layers, dense(layers, x, width, width), tokens, heads, each, 0, 2, 3, 1);
    Value v = heads(layers, dense(layers, x, width, width), tokens, heads, each, 0, 2, 1, 3);
    Value scores = layers.call(StandardOps.MAT_MUL, Attributes.NONE, q, k);
    Value factor = layers.constant(Tensor.ofFloats(Shape.SCALAR, (float) (1 / Math.sqrt(each))));
    Value scaled = layers.call(StandardOps.MUL, Attributes.NONE, scores, factor);
    Value shares = layers.call(StandardOps.SOFTMAX, Attributes.NONE, scaled);
    Value mixed = layers.call(StandardOps.MAT_MUL, Attributes.NONE, shares, v);
    return reshaped(layers, transposed(layers, mixed, 0, 2, 1, 3), 1, tokens, width);
  }

  private static Value heads(
      Layers layers, Value x, long tokens, long heads, long each, long... order) {
    return transposed(layers, reshaped(layers, x, 1, tokens, heads, each), order);
  }

  private static Value transposed(Layers layers, Value x, long... order) {
    List<Long> axes = Arrays.stream(order).boxed().toList();
    return layers.call(StandardOps.TRANSPOSE, Attributes.NONE.with(Transpose.PERM, axes), x);
  }

  private static Value reshaped(Layers layers, Value x, long... sizes) {
    Attributes attributes = Attributes.NONE.with(Reshape.ALLOW_ZERO, 0L);
    return layers.call(StandardOps.RESHAPE, attributes, x, layers.constant(Tensor.vector(sizes)));
  }

  private static Value layerNorm(Layers layers, Value x, long width) {
    return layers.call(
        StandardOps.LAYER_NORMALIZATION,
        Attributes.NONE,
        x,
        layers.gaussian(1, 0.1, width),
        layers.gaussian(0, 0.1, width));
  }

  private static Value dense(Layers layers, Value x, long in, long out) {
    Value product =
        layers.call(
            StandardOps.MAT_MUL,
            Attributes.NONE,
            x,
            layers.gaussian(0, Math.sqrt(1.0 / in), in, out));
    return layers.add(product, layers.gaussian(0, 0.1, out));
  }
}
