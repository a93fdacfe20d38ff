package dev.fixpoint.testing.internal;

import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which sampler makes up the calls of an operator; those without one broadcast. */
final class Samplers {
  private static final Sampler BROADCAST = new BroadcastSampler();
  private static final Map<OpId, Sampler> BY_OP = samplers();

  private Samplers() {}

  static Sampler of(OpDefinition op) {
    return BY_OP.getOrDefault(op.id(), BROADCAST);
  }

  /** Whether an operator makes sums of products. */
  static boolean isProduct(OpId op) {
    Sampler sampler = BY_OP.get(op);
    return sampler instanceof WindowSampler || sampler instanceof ProductSampler;
  }

  private static Map<OpId, Sampler> samplers() {
    Map<OpId, Sampler> map = new HashMap<>();
    products(map);
    Sampler pool = new PoolSampler(false, false);
    named(map, pool, "MaxPool", "AveragePool", "LpPool");
    named(map, new PoolSampler(true, false), "GlobalMaxPool", "GlobalAveragePool", "GlobalLpPool");
    named(map, new NormSampler(true), "BatchNormalization", "InstanceNormalization");
    named(map, new NormSampler(false), "LayerNormalization", "RMSNormalization");
    named(
        map,
        new AxisSampler(false),
        "Softmax",
        "LogSoftmax",
        "Hardmax",
        "ArgMax",
        "ArgMin",
        "LpNormalization");
    named(
        map,
        new AxisSampler(true),
        "ReduceMean",
        "ReduceSum",
        "ReduceMax",
        "ReduceMin",
        "ReduceProd",
        "ReduceL1",
        "ReduceL2",
        "ReduceLogSum",
        "ReduceLogSumExp",
        "ReduceSumSquare");
    layouts(map);
    parts(map);
    quantized(map);
    return map;
  }

  private static void products(Map<OpId, Sampler> map) {
    Sampler conv = new WindowSampler(false, Operands.REAL);
    map.put(StandardOps.CONV.id(), conv);
    map.put(StandardOps.FUSED_CONV.id(), conv);
    map.put(StandardOps.CONV_TRANSPOSE.id(), new WindowSampler(true, Operands.REAL));
    Sampler gemm = new ProductSampler(true, Operands.REAL);
    map.put(StandardOps.GEMM.id(), gemm);
    map.put(StandardOps.FUSED_GEMM.id(), gemm);
    Sampler matMul = new ProductSampler(false, Operands.REAL);
    map.put(StandardOps.MAT_MUL.id(), matMul);
    map.put(StandardOps.FUSED_MAT_MUL.id(), matMul);
    named(map, of(PartSamplers::attention), "Attention");
  }

  private static void layouts(Map<OpId, Sampler> map) {
    named(map, of(LayoutSamplers::reshape), "Reshape");
    named(map, of(LayoutSamplers::transpose), "Transpose");
    named(map, of(LayoutSamplers::flatten), "Flatten");
    named(map, of(LayoutSamplers::squeeze, LayoutSamplers::withOne), "Squeeze");
    named(map, of(LayoutSamplers::unsqueeze), "Unsqueeze");
    named(map, of(LayoutSamplers::expand), "Expand");
    named(map, of(LayoutSamplers::tile), "Tile");
    named(map, of(LayoutSamplers::blocks), "DepthToSpace", "SpaceToDepth");
  }

  private static void parts(Map<OpId, Sampler> map) {
    named(map, of(PartSamplers::concat), "Concat");
    named(map, of(PartSamplers::split), "Split");
    named(map, of(PartSamplers::slice), "Slice");
    named(map, of(PartSamplers::gather), "Gather");
    named(
        map, of(PartSamplers::pad, (s, i) -> i == 0 ? Shapes.ofRank(4, s.random()) : null), "Pad");
    named(map, of(PartSamplers::cast), "Cast");
    named(map, of(PartSamplers::clip, (s, i) -> i == 0 ? s.wish() : null), "Clip");
    named(map, of(PartSamplers::dropout, (s, i) -> i == 0 ? s.wish() : null), "Dropout");
  }

  private static void quantized(Map<OpId, Sampler> map) {
    Sampler quantize = new QuantSampler(false);
    map.put(QuantOps.QUANTIZE_LINEAR.id(), quantize);
    map.put(QuantOps.FAKE_QUANT.id(), quantize);
    map.put(QuantOps.DEQUANTIZE_LINEAR.id(), new QuantSampler(true));
    Sampler binary = of(QuantSampler::binary);
    map.put(QuantOps.Q_ADD.id(), binary);
    map.put(QuantOps.Q_MUL.id(), binary);
    map.put(QuantOps.Q_LINEAR_ADD.id(), binary);
    map.put(QuantOps.Q_LINEAR_MUL.id(), binary);
    map.put(QuantOps.REQUANTIZE.id(), of(QuantSampler::requantize));
    map.put(QuantOps.Q_CONCAT.id(), concat());
    map.put(QuantOps.Q_AVERAGE_POOL.id(), new PoolSampler(false, true));
    map.put(QuantOps.Q_GLOBAL_AVERAGE_POOL.id(), new PoolSampler(true, true));
    map.put(QuantOps.Q_TABLE.id(), of(QuantSampler::table));
    map.put(QuantOps.QONNX_QUANT.id(), of(QuantSampler::qonnx));
    map.put(QuantOps.Q_CONV.id(), new WindowSampler(false, Operands.QUANTIZED));
    map.put(QuantOps.Q_LINEAR_CONV.id(), new WindowSampler(false, Operands.LINEAR));
    map.put(QuantOps.Q_GEMM.id(), new ProductSampler(true, Operands.QUANTIZED));
    map.put(QuantOps.Q_MAT_MUL.id(), new ProductSampler(false, Operands.QUANTIZED));
    map.put(QuantOps.Q_LINEAR_MAT_MUL.id(), new ProductSampler(false, Operands.LINEAR));
    map.put(QuantOps.DYNAMIC_Q_MAT_MUL.id(), new ProductSampler(false, Operands.DYNAMIC));
  }

  /** Each tensor is followed by its scale and its zero point. */
  private static Sampler concat() {
    return new Sampler() {
      @Override
      public void fill(Slots slots) {
        QuantSampler.concat(slots);
      }

      @Override
      public @Nullable Shape wish(Slots slots, int input) {
        return input % 3 == 2 ? Shapes.ofRank(slots.between(1, 4), slots.random()) : null;
      }

      @Override
      public int group() {
        return 3;
      }
    };
  }

  private static void named(Map<OpId, Sampler> map, Sampler sampler, String... names) {
    for (String name : names) {
      map.put(OpId.of(name), sampler);
    }
  }

  private static Sampler of(Consumer<Slots> fill) {
    return of(fill, (_, _) -> null);
  }

  private static Sampler of(
      Consumer<Slots> fill, BiFunction<Slots, Integer, @Nullable Shape> wish) {
    return new Sampler() {
      @Override
      public void fill(Slots slots) {
        fill.accept(slots);
      }

      @Override
      public @Nullable Shape wish(Slots slots, int input) {
        return wish.apply(slots, input);
      }
    };
  }
}
