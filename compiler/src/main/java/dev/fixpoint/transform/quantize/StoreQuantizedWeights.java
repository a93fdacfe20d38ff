package dev.fixpoint.transform.quantize;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stores the integers of a fake-quantized constant: {@code FakeQuant(w, s, z)} is {@code
 * DequantizeLinear(QuantizeLinear(w, s, z), s, z)} by definition, and the inner call is constant.
 */
public final class StoreQuantizedWeights {
  private static final Capture<Value> W = Capture.ofValue("w");
  private static final Capture<Value> SCALE = Capture.ofValue("scale");
  private static final Capture<Value> ZERO_POINT = Capture.ofValue("zero_point");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("store-quantized-weights")
          .doc("FakeQuant(w, s, z) = DequantizeLinear(q, s, z) with q = QuantizeLinear(w, s, z)")
          .match(
              Patterns.op(QuantOps.FAKE_QUANT)
                  .inputs(
                      Patterns.constant(W),
                      Patterns.constant(SCALE),
                      Patterns.optionalConstant(ZERO_POINT)))
          .replaceWith(StoreQuantizedWeights::replace)
          .within(ErrorContract.bitExact());

  private StoreQuantizedWeights() {}

  private static void replace(Match match, ReplacementBuilder build) {
    Node fake = match.root();
    Value integers = build.value(match.get(W).name() + "_quantized");
    Node quantize =
        new Node("", QuantOps.QUANTIZE_LINEAR, fake.attributes(), fake.inputs(), List.of(integers));
    List<@Nullable Tensor> inputs = new ArrayList<>();
    inputs.add(match.constant(W));
    inputs.add(match.constant(SCALE));
    inputs.add(match.findConstant(ZERO_POINT).orElse(null));
    build.define(integers, ReferenceInterpreter.evaluate(quantize, inputs).getFirst());
    build.define(
        fake.output(),
        QuantOps.DEQUANTIZE_LINEAR,
        fake.attributes(),
        integers,
        match.get(SCALE),
        match.find(ZERO_POINT).orElse(null));
  }
}
