package dev.fixpoint.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a session on ResNet-50 with 8-bit weights and activations keeps in memory. */
class MemoryTest {
  private static final long MEGABYTE = 1_000_000;
  private static final Shape ONE = Shape.of(1, 3, 224, 224);
  private static final Shape TWO = Shape.of(2, 3, 224, 224);

  private final Random random = new Random(50);
  private GraphBuilder graph = new GraphBuilder("resnet50");
  private final List<WeakReference<byte[]>> weights = new ArrayList<>();
  private final Value scale = graph.constant("scale", Tensor.scalar(ElementType.FLOAT, 0.01));
  private final Value zero = graph.constant("zero", Tensor.scalar(ElementType.UINT8, 128));

  private Value weights(long... sizes) {
    Shape shape = Shape.of(sizes);
    byte[] bytes = new byte[Math.toIntExact(shape.elementCount())];
    random.nextBytes(bytes);
    weights.add(new WeakReference<>(bytes));
    return graph.constant(
        "w", Tensor.of(new TensorType(ElementType.INT8, shape), MemorySegment.ofArray(bytes)));
  }

  private Value conv(Value x, long in, long out, long kernel, long stride) {
    long pad = kernel / 2;
    Attributes attributes =
        new Activation.Relu()
            .addTo(Attributes.NONE)
            .with(WindowGeometry.PADS, List.of(pad, pad, pad, pad))
            .with(WindowGeometry.STRIDES, List.of(stride, stride));
    Value w = weights(out, in, kernel, kernel);
    var op = QuantOps.REGISTRY.get(OpId.fixpoint("QConv"));
    return graph.call("c", op, attributes, x, scale, zero, w, scale, null, null, scale, zero);
  }

  private Value block(Value x, long in, long middle, long stride) {
    Value y = conv(x, in, middle, 1, 1);
    y = conv(conv(y, middle, middle, 3, stride), middle, 4 * middle, 1, 1);
    Value shortcut = in == 4 * middle ? x : conv(x, in, 4 * middle, 1, stride);
    var add = QuantOps.REGISTRY.get(OpId.fixpoint("QAdd"));
    return graph.call(
        "a", add, Attributes.NONE, y, scale, zero, shortcut, scale, zero, scale, zero);
  }

  private InferenceSession session() {
    List<Dimension> sizes =
        List.of(Dimension.of("N"), Dimension.of(3), Dimension.of(224), Dimension.of(224));
    Value x = graph.input("x", new TensorType(ElementType.UINT8, Shape.of(sizes)));
    Attributes pool =
        Attributes.NONE
            .with(WindowGeometry.KERNEL_SHAPE, List.of(3L, 3L))
            .with(WindowGeometry.PADS, List.of(1L, 1L, 1L, 1L))
            .with(WindowGeometry.STRIDES, List.of(2L, 2L));
    Value y = graph.call("p", StandardOps.MAX_POOL, pool, conv(x, 3, 64, 7, 2));
    long in = 64;
    int[] blocks = {3, 4, 6, 3};
    for (int stage = 0; stage < blocks.length; stage++) {
      long middle = 64L << stage;
      for (int i = 0; i < blocks[stage]; i++) {
        y = block(y, in, middle, stage > 0 && i == 0 ? 2 : 1);
        in = 4 * middle;
      }
    }
    var mean = QuantOps.REGISTRY.get(OpId.fixpoint("QGlobalAveragePool"));
    y = graph.call("m", mean, Attributes.NONE, y, scale, zero, scale, zero);
    y = graph.call("f", StandardOps.FLATTEN, Attributes.NONE, y);
    var product = QuantOps.REGISTRY.get(OpId.fixpoint("QMatMul"));
    Value w = weights(in, 1000);
    graph.output(graph.call("y", product, Attributes.NONE, y, scale, zero, w, scale));
    return InferenceSession.of(graph.build());
  }

  @Test
  void twoInputShapesShareThePackedWeightsAndTheGraphKeepsNone() throws InterruptedException {
    try (InferenceSession session = session()) {
      graph = new GraphBuilder("nothing");
      ExecutionPlan one = session.plan(Map.of("x", ONE));
      ExecutionPlan two = session.plan(Map.of("x", TWO));
      assertThat(one.arenaBytes()).isLessThan(8 * MEGABYTE);
      assertThat(one.packedBytes()).isLessThan(30 * MEGABYTE);
      assertThat(two.packedBytes()).isEqualTo(one.packedBytes());

      byte[] pixels = new byte[Math.toIntExact(ONE.elementCount())];
      random.nextBytes(pixels);
      Tensor image = Tensor.ofBytes(ElementType.UINT8, ONE, pixels);
      float[] y = session.run(Map.of("x", image)).get("y").toFloats();
      Tensor images = Tensor.filled(ElementType.UINT8, TWO, 128);
      assertThat(session.run(Map.of("x", images)).get("y").shape()).isEqualTo(Shape.of(2, 1000));
      assertThat(session.run(Map.of("x", image)).get("y").toFloats()).isEqualTo(y);

      for (int i = 0; i < 50 && weights.stream().anyMatch(w -> w.get() != null); i++) {
        System.gc();
        Thread.sleep(20);
      }
      assertThat(weights).hasSize(54).allMatch(w -> w.get() == null);
    }
  }
}
