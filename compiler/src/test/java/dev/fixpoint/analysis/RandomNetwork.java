package dev.fixpoint.analysis;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.FloatLayers;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.Conv;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A small random network of 1 to 6 layers with one input {@code x} in [-1, 1]. A layer is a matrix
 * or a convolution with what follows it, or an operator of the catalogue behind a matrix and a Clip
 * that bring its input into the domain of an example.
 */
final class RandomNetwork {
  /** Size of the input. */
  static final int INPUTS = 12;

  private static final Attribute<Long> TRANS_B = Attribute.ofInt("transB");
  private static final int LARGEST = 96;

  private final Random random;
  private final GraphBuilder graph = new GraphBuilder("random");
  private final List<OpDefinition> operators;
  private Value current;
  private int size = INPUTS;
  private int layers;

  private RandomNetwork(Random random, List<OpDefinition> operators) {
    this.random = random;
    this.operators = operators;
    this.current = graph.input("x", TensorType.of(ElementType.FLOAT, 1, INPUTS));
  }

  /** The operators that networks are drawn from, each of which can be asked for. */
  static List<OpDefinition> operators() {
    return Stream.concat(FloatLayers.operators().stream(), ConnectedLayers.operators().stream())
        .distinct()
        .toList();
  }

  /** Draws networks until one computes finite numbers for a few inputs. */
  static Graph draw(Random random, List<OpDefinition> operators, @Nullable OpDefinition wanted) {
    Graph graph = drawOne(random, operators, wanted);
    while (!isFinite(graph, random)) {
      graph = drawOne(random, operators, wanted);
    }
    return graph;
  }

  private static boolean isFinite(Graph graph, Random random) {
    boolean finite = true;
    for (int i = 0; i < 3; i++) {
      finite &= isFinite(graph, input(random));
    }
    return finite;
  }

  /** Whether every value of a network is finite for an input. */
  static boolean isFinite(Graph graph, Tensor x) {
    boolean[] finite = {true};
    new ReferenceInterpreter()
        .prepare(graph, graph.values())
        .evaluate(
            Map.of("x", x),
            (_, tensor) ->
                finite[0] &= Arrays.stream(tensor.toDoubles()).allMatch(Double::isFinite));
    return finite[0];
  }

  /** A random input. */
  static Tensor input(Random random) {
    float[] values = new float[INPUTS];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return Tensor.ofFloats(Shape.of(1, values.length), values);
  }

  /** Draws a network; the operator comes in one of its layers where it is given. */
  private static Graph drawOne(
      Random random, List<OpDefinition> operators, @Nullable OpDefinition wanted) {
    RandomNetwork network = new RandomNetwork(random, operators);
    int layers = 1 + random.nextInt(6);
    int place = random.nextInt(layers);
    for (int i = 0; i < layers; i++) {
      if (i == place && wanted != null) {
        network.operator(wanted);
      } else {
        network.layer();
      }
    }
    network.gemm(1 + random.nextInt(5), 1);
    return network.graph.output(network.current).build();
  }

  private void layer() {
    switch (random.nextInt(4)) {
      case 0 -> gemm(2 + random.nextInt(10), 1);
      case 1 -> convolutions();
      case 2 -> operator(operators.get(random.nextInt(operators.size())));
      default -> {
        gemm(2 + random.nextInt(10), 1);
        call("act", StandardOps.RELU, Attributes.NONE, current);
      }
    }
  }

  private String name(String wish) {
    return wish + layers++;
  }

  private void call(
      String wish, OpDefinition op, Attributes attributes, @Nullable Value... inputs) {
    current = graph.call(name(wish), op, attributes, inputs);
  }

  /** Adds a random constant. */
  Value constant(String wish, double magnitude, long... sizes) {
    Shape shape = Shape.of(sizes);
    float[] values = new float[(int) shape.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (magnitude * (2 * random.nextDouble() - 1));
    }
    return graph.constant(name(wish), Tensor.ofFloats(shape, values));
  }

  private void gemm(int outputs, double magnitude) {
    boolean transposed = random.nextBoolean();
    double scale = magnitude * 2 / Math.sqrt(size);
    Value weights =
        transposed ? constant("w", scale, outputs, size) : constant("w", scale, size, outputs);
    Value bias = constant("b", magnitude, outputs);
    if (random.nextInt(4) == 0 && !transposed) {
      call("m", StandardOps.MAT_MUL, Attributes.NONE, current, weights);
      call("y", StandardOps.ADD, Attributes.NONE, current, bias);
    } else {
      Attributes attributes = Attributes.NONE.with(TRANS_B, transposed ? 1L : 0L);
      call("g", StandardOps.GEMM, attributes, current, weights, random.nextBoolean() ? bias : null);
    }
    size = outputs;
  }

  private void reshape(long... sizes) {
    Value shape = graph.constant(name("shape"), Tensor.vector(sizes));
    call("r", StandardOps.RESHAPE, Attributes.NONE, current, shape);
  }

  private void convolutions() {
    int channels = 2 * (1 + random.nextInt(2));
    int side = 3 + random.nextInt(2);
    gemm(channels * side * side, 1);
    reshape(1, channels, side, side);
    Attributes padded = Attributes.NONE.with(WindowGeometry.PADS, List.of(1L, 1L, 1L, 1L));
    boolean depthwise = random.nextBoolean();
    Value before = current;
    call(
        "c",
        StandardOps.CONV,
        depthwise ? padded.with(Conv.GROUP, (long) channels) : padded,
        current,
        constant("k", 0.6, channels, depthwise ? 1 : channels, 3, 3),
        constant("kb", 0.5, channels));
    if (random.nextBoolean()) {
      normalize(channels);
    }
    if (random.nextBoolean()) {
      call("res", StandardOps.ADD, Attributes.NONE, current, before);
    }
    List<OpDefinition> activations =
        List.of(
            StandardOps.RELU, StandardOps.HARD_SWISH, StandardOps.LEAKY_RELU, StandardOps.IDENTITY);
    call("act", activations.get(random.nextInt(4)), Attributes.NONE, current);
    switch (random.nextInt(3)) {
      case 0 -> {
        call("gap", StandardOps.GLOBAL_AVERAGE_POOL, Attributes.NONE, current);
        size = channels;
      }
      case 1 -> {
        Attributes two = Attributes.NONE.with(WindowGeometry.KERNEL_SHAPE, List.of(2L, 2L));
        call(
            "pool",
            random.nextBoolean() ? StandardOps.MAX_POOL : StandardOps.AVERAGE_POOL,
            two,
            current);
        size = channels * (side - 1) * (side - 1);
      }
      default -> size = channels * side * side;
    }
    reshape(1, size);
  }

  private void normalize(int channels) {
    List<@Nullable Value> inputs = new ArrayList<>(List.of(current));
    for (String each : List.of("scale", "shift", "mean")) {
      inputs.add(constant(each, 1, channels));
    }
    float[] variances = new float[channels];
    for (int i = 0; i < channels; i++) {
      variances[i] = 0.2f + random.nextFloat();
    }
    inputs.add(graph.constant(name("var"), Tensor.ofFloats(Shape.of(channels), variances)));
    call("bn", StandardOps.BATCH_NORMALIZATION, Attributes.NONE, inputs.toArray(Value[]::new));
  }

  /** What comes before, by a matrix and a Clip, as numbers of an interval in a shape. */
  Value prepared(double low, double high, long... sizes) {
    gemm(Math.toIntExact(Shape.of(sizes).elementCount()), Math.min(4, high - low) / 2);
    double middle = Math.clamp(0, low, high);
    Value shift = constant(Tensor.scalar(ElementType.FLOAT, middle));
    call("sh", StandardOps.ADD, Attributes.NONE, current, shift);
    Value least = constant(Tensor.scalar(ElementType.FLOAT, low));
    Value most = constant(Tensor.scalar(ElementType.FLOAT, high));
    call("clip", StandardOps.CLIP, Attributes.NONE, current, least, most);
    reshape(sizes);
    return current;
  }

  /** Adds a constant. */
  Value constant(Tensor tensor) {
    return graph.constant(name("p"), tensor);
  }

  /** Adds a node with one output. */
  Value add(OpDefinition op, Attributes attributes, @Nullable Value... inputs) {
    return graph.call(name("op"), op, attributes, inputs);
  }

  /** Adds a node with several outputs. */
  List<Value> addAll(
      OpDefinition op, Attributes attributes, int outputs, @Nullable Value... inputs) {
    return graph.call(name("op"), op, attributes, Arrays.asList(inputs), outputs);
  }

  private void operator(OpDefinition op) {
    if (ConnectedLayers.operators().contains(op)) {
      flattened(ConnectedLayers.of(op).addTo(this));
      return;
    }
    FloatLayers.Layer layer = FloatLayers.draw(op, random);
    if (layer.shape().elementCount() > LARGEST) {
      return;
    }
    List<@Nullable Value> inputs = new ArrayList<>();
    inputs.add(prepared(layer.low(), layer.high(), layer.shape().sizes()));
    for (Tensor other : layer.others()) {
      inputs.add(other == null ? null : constant(other));
    }
    flattened(add(op, layer.attributes(), inputs.toArray(Value[]::new)));
  }

  private void flattened(Value value) {
    current = value;
    size = Math.toIntExact(graph.build().type(value).shape().elementCount());
    reshape(1, -1);
  }
}
