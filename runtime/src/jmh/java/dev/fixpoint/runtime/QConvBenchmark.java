package dev.fixpoint.runtime;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
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

/** One quantized convolution as a session runs it, layout changes at both ends included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class QConvBenchmark {
  private static final Attribute<Long> GROUP = Attribute.ofInt("group", 1);

  /** Image size, input channels, output channels, kernel size, stride and groups. */
  @Param({"56,64,64,3,1,1", "28,128,256,3,2,1", "112,32,32,3,1,32", "224,3,32,3,2,1"})
  public String shape = "12,16,24,3,1,1";

  /** Threads of the session. */
  @Param({"1", "2"})
  public int threads = 1;

  private Map<String, Tensor> feed = Map.of();
  private InferenceSession session = InferenceSession.of(new GraphBuilder("empty").build());

  /** Builds the graph and a session on it. */
  @Setup
  public void prepare() {
    String[] sizes = shape.split(",");
    int image = Integer.parseInt(sizes[0]);
    int channels = Integer.parseInt(sizes[1]);
    feed = Map.of("x", bytes(ElementType.UINT8, 1, channels, image, image));
    session.close();
    session = InferenceSession.of(graph(sizes), ExecutionOptions.DEFAULT.withThreads(threads));
  }

  /** Ends the session. */
  @TearDown
  public void end() {
    session.close();
  }

  static Graph graph(String[] sizes) {
    long image = Long.parseLong(sizes[0]);
    long channels = Long.parseLong(sizes[1]);
    long columns = Long.parseLong(sizes[2]);
    long kernel = Long.parseLong(sizes[3]);
    long stride = Long.parseLong(sizes[4]);
    long groups = Long.parseLong(sizes[5]);
    long pad = kernel / 2;
    GraphBuilder graph = new GraphBuilder("convolution");
    Value x = graph.input("x", TensorType.of(ElementType.UINT8, 1, channels, image, image));
    Value w =
        graph.constant("w", bytes(ElementType.INT8, columns, channels / groups, kernel, kernel));
    Value scale = graph.constant("s", Tensor.scalar(ElementType.FLOAT, 0.02));
    Value zero = graph.constant("z", Tensor.scalar(ElementType.UINT8, 120));
    Attributes attributes =
        new Activation.Relu()
            .addTo(Attributes.NONE)
            .with(GROUP, groups)
            .with(WindowGeometry.PADS, List.of(pad, pad, pad, pad))
            .with(WindowGeometry.STRIDES, List.of(stride, stride));
    Value y =
        graph.call(
            "y",
            QuantOps.REGISTRY.get(OpId.fixpoint("QConv")),
            attributes,
            x,
            scale,
            zero,
            w,
            scale,
            null,
            null,
            scale,
            zero);
    return graph.output(y).build();
  }

  private static Tensor bytes(ElementType type, long... sizes) {
    Shape shape = Shape.of(sizes);
    byte[] values = new byte[Math.toIntExact(shape.elementCount())];
    new Random(values.length).nextBytes(values);
    return Tensor.ofBytes(type, shape, values);
  }

  /** A run. */
  @Benchmark
  public Map<String, Tensor> run() {
    return session.run(feed);
  }
}
