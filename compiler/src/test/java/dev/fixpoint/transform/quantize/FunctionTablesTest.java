package dev.fixpoint.transform.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.quant.QTable;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions between quantizers become tables with the same bits. */
class FunctionTablesTest {
  private static final int CHANNELS = 3;

  private final GraphBuilder g = new GraphBuilder("function");

  private Value scalar(String name, double value) {
    return g.constant(name, Tensor.scalar(ElementType.FLOAT, value));
  }

  private Value pair(String name, Value x, ElementType type, double step, long zero) {
    Value scale = scalar(name + "_scale", step);
    Value zeroPoint = g.constant(name + "_zero", Tensor.scalar(type, zero));
    Value q = g.call(name + "_q", QuantOps.QUANTIZE_LINEAR, Attributes.NONE, x, scale, zeroPoint);
    return g.call(name, QuantOps.DEQUANTIZE_LINEAR, Attributes.NONE, q, scale, zeroPoint);
  }

  /** A constant of integers behind a dequantizer, as quantizers of whole models write it. */
  private Value quantized(String name, long... integers) {
    Tensor tensor = Tensor.ofLongs(ElementType.INT8, Shape.of(integers.length), integers);
    return g.call(
        name,
        QuantOps.DEQUANTIZE_LINEAR,
        Attributes.NONE,
        g.constant(name + "_integers", tensor),
        scalar(name + "_scale", 0.03));
  }

  @Test
  void aBatchNormalizationWithQuantizedParametersIsATableForEachChannel() {
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 2, CHANNELS, 16, 16));
    Value y =
        g.call(
            "y",
            StandardOps.BATCH_NORMALIZATION,
            Attributes.NONE,
            pair("a", x, ElementType.UINT8, 0.02, 128),
            quantized("scale", 40, -100, 7),
            quantized("bias", 5, 0, -50),
            g.constant("mean", Tensor.ofFloats(Shape.of(CHANNELS), 0.1f, -0.5f, 0)),
            g.constant("variance", Tensor.ofFloats(Shape.of(CHANNELS), 0.3f, 2, 1)));
    Graph plain = g.output(pair("b", y, ElementType.UINT8, 0.015, 100)).build();

    Graph lowered = Quantization.lower(plain);

    Node table = Quantization.only(lowered, QuantOps.Q_TABLE);
    assertThat(lowered.type(table.input(1)).shape()).isEqualTo(Shape.of(CHANNELS, 256));
    assertThat(QuantReport.ofLowered(lowered).floats()).isEmpty();
    Tensor sample = Quantization.random(3, 3, 2, CHANNELS, 16, 16);
    assertThat(Quantization.evaluate(lowered, sample))
        .isEqualTo(Quantization.evaluate(plain, sample));
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"INT16", "UINT16"})
  void aFunctionOfSixteenBitsHasATableOfAll(ElementType type) {
    long zero = type == ElementType.UINT16 ? 32_000 : -3;
    for (OpDefinition function : new OpDefinition[] {StandardOps.GELU, StandardOps.SIGMOID}) {
      GraphBuilder fresh = new GraphBuilder("all");
      Value x = fresh.input("x", TensorType.of(type, 1 << 16));
      Value scale = fresh.constant("s", Tensor.scalar(ElementType.FLOAT, 0.0007));
      Value at = fresh.constant("z", Tensor.scalar(type, zero));
      Value a = fresh.call("a", QuantOps.DEQUANTIZE_LINEAR, Attributes.NONE, x, scale, at);
      Value b = fresh.call("b", function, Attributes.NONE, a);
      Value c = fresh.call("c", QuantOps.QUANTIZE_LINEAR, Attributes.NONE, b, scale, at);
      Graph plain = fresh.output(c).build();

      Graph lowered = Quantization.lower(plain);

      assertThat(lowered.nodes()).singleElement().matches(node -> node.calls(QuantOps.Q_TABLE));
      Node table = lowered.nodes().getFirst();
      assertThat(lowered.type(table.input(1)).shape()).isEqualTo(Shape.of(QTable.size(type)));
      long[] all = LongStream.rangeClosed(type.minInteger(), type.maxInteger()).toArray();
      Tensor every = Tensor.ofLongs(type, Shape.of(all.length), all);
      assertThat(Quantization.evaluate(lowered, every))
          .isEqualTo(Quantization.evaluate(plain, every));
    }
  }
}
