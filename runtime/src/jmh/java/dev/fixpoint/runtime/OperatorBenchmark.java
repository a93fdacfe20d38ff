package dev.fixpoint.runtime;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.MatMulNBits;
import dev.fixpoint.op.quant.QLinearSoftmax;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One operator as a session runs it, by its kernel and by its reference semantics. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class OperatorBenchmark {
  private final Random random = new Random(1);

  /**
   * An operator and its shape: rows, depth and columns, with bits and block size of MatMulNBits;
   * image size, input channels, output channels and kernel size of ConvInteger; rows and their
   * length.
   */
  @Param({
    "MatMul 1,1024,1024",
    "MatMulNBits 1,1024,1024,4,32",
    "MatMulNBits 1,1024,1024,8,32",
    "MatMulNBits 1,1024,1024,2,32",
    "MatMul 1,4096,4096",
    "MatMulNBits 1,4096,4096,4,32",
    "MatMul 64,1024,1024",
    "MatMulNBits 64,1024,1024,4,32",
    "MatMulInteger 64,512,512",
    "ConvInteger 28,64,64,3",
    "QLinearSoftmax 768,64"
  })
  public String call = "MatMulNBits 2,48,40,4,16";

  private Map<String, Tensor> feed = Map.of();
  private InferenceSession kernel = InferenceSession.of(new GraphBuilder("empty").build());
  private InferenceSession reference = InferenceSession.of(new GraphBuilder("empty").build());

  /** Builds the graph and both sessions on it. */
  @Setup
  public void prepare() {
    String[] words = call.split(" ");
    long[] sizes = Arrays.stream(words[1].split(",")).mapToLong(Long::parseLong).toArray();
    GraphBuilder graph = new GraphBuilder("operator");
    Graph made =
        switch (words[0]) {
          case "MatMul" -> product(graph, sizes);
          case "MatMulNBits" -> blocked(graph, sizes);
          case "MatMulInteger" -> integerProduct(graph, sizes);
          case "ConvInteger" -> convolution(graph, sizes);
          case "QLinearSoftmax" -> softmax(graph, sizes);
          default -> throw new IllegalArgumentException("no such benchmark: " + call);
        };
    kernel = InferenceSession.of(made);
    reference = InferenceSession.of(made, ExecutionOptions.DEFAULT.withReference(true));
  }

  /** Ends the sessions. */
  @TearDown
  public void end() {
    kernel.close();
    reference.close();
  }

  private Value floats(GraphBuilder graph, long... sizes) {
    Tensor x = reals(sizes);
    feed = Map.of("x", x);
    return graph.input("x", x.type());
  }

  private Value bytes(GraphBuilder graph, long... sizes) {
    feed = Map.of("x", integers(ElementType.UINT8, sizes));
    return graph.input("x", TensorType.of(ElementType.UINT8, sizes));
  }

  private Tensor reals(long... sizes) {
    float[] values = new float[Math.toIntExact(Shape.of(sizes).elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.ofFloats(Shape.of(sizes), values);
  }

  private Tensor integers(ElementType type, long... sizes) {
    byte[] values = new byte[Math.toIntExact(Shape.of(sizes).elementCount())];
    random.nextBytes(values);
    return Tensor.ofBytes(type, Shape.of(sizes), values);
  }

  private Graph product(GraphBuilder graph, long[] sizes) {
    Value x = floats(graph, sizes[0], sizes[1]);
    Value w = graph.constant("w", reals(sizes[1], sizes[2]));
    return graph.output(graph.call("y", StandardOps.MAT_MUL, Attributes.NONE, x, w)).build();
  }

  private Graph blocked(GraphBuilder graph, long[] sizes) {
    Value x = floats(graph, sizes[0], sizes[1]);
    long blocks = Math.ceilDiv(sizes[1], sizes[4]);
    Tensor codes = integers(ElementType.UINT8, sizes[2], blocks, sizes[4] * sizes[3] / 8);
    Attributes attributes =
        Attributes.NONE
            .with(MatMulNBits.K, sizes[1])
            .with(MatMulNBits.N, sizes[2])
            .with(MatMulNBits.BITS, sizes[3])
            .with(MatMulNBits.BLOCK_SIZE, sizes[4]);
    Value w = graph.constant("w", codes);
    Value scales = graph.constant("scales", reals(sizes[2] * blocks));
    return graph.output(graph.call("y", QuantOps.MAT_MUL_N_BITS, attributes, x, w, scales)).build();
  }

  private Graph integerProduct(GraphBuilder graph, long[] sizes) {
    Value x = bytes(graph, sizes[0], sizes[1]);
    Value w = graph.constant("w", integers(ElementType.INT8, sizes[1], sizes[2]));
    Value zero = graph.constant("zero", Tensor.scalar(ElementType.UINT8, 120));
    return graph
        .output(graph.call("y", QuantOps.MAT_MUL_INTEGER, Attributes.NONE, x, w, zero))
        .build();
  }

  private Graph convolution(GraphBuilder graph, long[] sizes) {
    Value x = bytes(graph, 1, sizes[1], sizes[0], sizes[0]);
    Tensor weights = integers(ElementType.INT8, sizes[2], sizes[1], sizes[3], sizes[3]);
    Value w = graph.constant("w", weights);
    Value zero = graph.constant("zero", Tensor.scalar(ElementType.UINT8, 120));
    return graph
        .output(graph.call("y", QuantOps.CONV_INTEGER, Attributes.NONE, x, w, zero))
        .build();
  }

  private Graph softmax(GraphBuilder graph, long[] sizes) {
    Value x = bytes(graph, sizes[0], sizes[1]);
    Value y =
        graph.call(
            "y",
            QuantOps.REGISTRY.get(OpId.microsoft("QLinearSoftmax")),
            Attributes.NONE.with(QLinearSoftmax.OPSET, 13L),
            x,
            graph.constant("x_scale", Tensor.scalar(ElementType.FLOAT, 0.05)),
            graph.constant("x_zero", Tensor.scalar(ElementType.UINT8, 128)),
            graph.constant("y_scale", Tensor.scalar(ElementType.FLOAT, 1.0 / 256)),
            graph.constant("y_zero", Tensor.scalar(ElementType.UINT8, 0)));
    return graph.output(y).build();
  }

  /** A run by the kernel. */
  @Benchmark
  public Map<String, Tensor> kernel() {
    return kernel.run(feed);
  }

  /** A run by the reference semantics. */
  @Benchmark
  public Map<String, Tensor> reference() {
    return reference.run(feed);
  }
}
