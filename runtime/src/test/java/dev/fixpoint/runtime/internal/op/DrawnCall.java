package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpRegistry;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A call of one operator with random operands: what a kernel and the reference are compared on. */
final class DrawnCall {
  /** Every operator of the two catalogues. */
  static final OpRegistry OPERATORS = QuantOps.REGISTRY.plus(StandardOps.registry());

  private final Random random;
  private final OpDefinition op;
  private Attributes attributes = Attributes.NONE;
  private int outputs = 1;
  private final List<@Nullable Tensor> inputs = new ArrayList<>();
  private final List<Boolean> constant = new ArrayList<>();

  DrawnCall(Random random, OpId id) {
    this.random = random;
    this.op = OPERATORS.get(id);
  }

  DrawnCall with(String name, long... values) {
    Map<String, AttributeValue> all = new LinkedHashMap<>(attributes.values());
    if (name.equals("group") || name.equals("axis") || name.startsWith("trans")) {
      all.put(name, new AttributeValue.OfInt(values[0]));
    } else {
      List<Long> list = new ArrayList<>();
      for (long value : values) {
        list.add(value);
      }
      all.put(name, new AttributeValue.OfInts(list));
    }
    attributes = Attributes.of(all);
    return this;
  }

  <T> DrawnCall with(Attribute<T> key, T value) {
    attributes = attributes.with(key, value);
    return this;
  }

  DrawnCall with(Activation activation) {
    attributes = activation.addTo(attributes);
    return this;
  }

  DrawnCall outputs(int count) {
    outputs = count;
    return this;
  }

  DrawnCall variable(Tensor tensor) {
    return add(tensor, false);
  }

  DrawnCall constant(Tensor tensor) {
    return add(tensor, true);
  }

  DrawnCall absent() {
    inputs.add(null);
    constant.add(true);
    return this;
  }

  private DrawnCall add(Tensor tensor, boolean isConstant) {
    inputs.add(tensor);
    constant.add(isConstant);
    return this;
  }

  /** Adds a scale and a zero point of the given type. */
  DrawnCall parameters(ElementType type) {
    constant(Tensor.scalar(ElementType.FLOAT, scale()));
    return zeroPoint(type);
  }

  /** Adds a zero point, sometimes absent. */
  DrawnCall zeroPoint(ElementType type) {
    if (type == ElementType.UINT8 && random.nextInt(6) == 0) {
      return absent();
    }
    return constant(Tensor.scalar(type, zeroPointOf(type)));
  }

  double scale() {
    return (0.01 + random.nextDouble()) * (random.nextBoolean() ? 0.05 : 1);
  }

  private double zeroPointOf(ElementType type) {
    long low = type.minInteger();
    if (type.bits() == 16) {
      return random.nextBoolean() ? Math.max(0, low) : low + random.nextInt(1 << 16);
    }
    long[] choices = {low, low + 1, low + 127, low + 128, low + 255, low + random.nextInt(256)};
    return choices[random.nextInt(choices.length)];
  }

  /** Adds weights' scale and zero point, by tensor or by channel. */
  DrawnCall weightParameters(ElementType type, int channels) {
    boolean each = random.nextBoolean();
    int count = each ? channels : 1;
    double[] scales = new double[count];
    long[] zeros = new long[count];
    for (int c = 0; c < count; c++) {
      scales[c] = scale() * 0.1;
      zeros[c] = random.nextBoolean() ? 0 : (long) zeroPointOf(type);
    }
    constant(Tensor.ofDoubles(ElementType.FLOAT, Shape.of(count), scales));
    if (random.nextInt(3) == 0) {
      return absent();
    }
    return constant(Tensor.ofLongs(type, Shape.of(count), zeros));
  }

  static Tensor bytes(Random random, ElementType type, long... sizes) {
    Shape shape = Shape.of(sizes);
    byte[] values = new byte[Math.toIntExact(shape.elementCount())];
    random.nextBytes(values);
    return Tensor.ofBytes(type, shape, values);
  }

  /** A tensor of 8-bit or 16-bit integers. */
  static Tensor integers(Random random, ElementType type, long... sizes) {
    if (type.bits() == 8) {
      return bytes(random, type, sizes);
    }
    Shape shape = Shape.of(sizes);
    long[] values = new long[Math.toIntExact(shape.elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          random.nextInt(8) == 0
              ? (random.nextBoolean() ? type.minInteger() : type.maxInteger())
              : type.minInteger() + random.nextInt(1 << 16);
    }
    return Tensor.ofLongs(type, shape, values);
  }

  static Tensor floats(Random random, long... sizes) {
    Shape shape = Shape.of(sizes);
    float[] values = new float[Math.toIntExact(shape.elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * 3;
    }
    return Tensor.ofFloats(shape, values);
  }

  static Tensor ints(Random random, int count) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(20_001) - 10_000;
    }
    return Tensor.ofLongs(ElementType.INT32, Shape.of(count), values);
  }

  static ElementType byteType(Random random) {
    return random.nextBoolean() ? ElementType.INT8 : ElementType.UINT8;
  }

  static ElementType wideType(Random random) {
    return random.nextBoolean() ? ElementType.INT16 : ElementType.UINT16;
  }

  static Activation activation(Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> new Activation.Relu();
      case 1 -> new Activation.Clip(0, 6);
      case 2 -> new Activation.Clip(-1.25f, 2);
      case 3 -> new Activation.LeakyRelu(0.1f);
      case 4 -> new Activation.HardSigmoid(0.2f, 0.5f);
      case 5 -> new Activation.HardSwish();
      case 6 -> new Activation.Swish();
      default -> Activation.NONE;
    };
  }

  /** The graph of this one node; operands that are not constant are its inputs. */
  Graph graph() {
    GraphBuilder graph = new GraphBuilder("one");
    List<@Nullable Value> values = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor tensor = inputs.get(i);
      if (tensor == null) {
        values.add(null);
      } else if (constant.get(i)) {
        values.add(graph.constant("c" + i, tensor));
      } else {
        values.add(graph.input("x" + i, tensor.type()));
      }
    }
    graph.call("y", op, attributes, values, outputs).forEach(graph::output);
    return graph.build();
  }

  /** Tensor by input name. */
  Map<String, Tensor> feed() {
    Map<String, Tensor> feed = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor tensor = inputs.get(i);
      if (tensor != null && !constant.get(i)) {
        feed.put("x" + i, tensor);
      }
    }
    return feed;
  }

  OpDefinition op() {
    return op;
  }

  OpCall call() {
    return OpCall.ofTensors(attributes, inputs, outputs);
  }

  @Override
  public String toString() {
    return op.id() + " " + attributes + " " + inputs;
  }
}
