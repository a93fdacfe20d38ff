package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** The fused operators against the operators that they are made of. */
class FusedTest {
  private static Activation activation(Random random) {
    return switch (random.nextInt(7)) {
      case 0 -> Activation.NONE;
      case 1 -> new Activation.Relu();
      case 2 -> new Activation.Clip(-0.5f, 6);
      case 3 -> new Activation.LeakyRelu(0.1f);
      case 4 -> new Activation.HardSigmoid(0.2f, 0.5f);
      case 5 -> new Activation.HardSwish();
      default -> new Activation.Swish();
    };
  }

  /** Evaluates an expansion step by step; every step rounds. */
  private static Tensor expanded(OpDefinition op, OpCall call, List<@Nullable Tensor> inputs) {
    Expansion expansion = op.expansion(call);
    assertThat(expansion).isNotNull();
    Map<String, Tensor> values = new HashMap<>(expansion.constants());
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      if (input != null) {
        values.put(Expansion.input(i), input);
      }
    }
    for (Expansion.Step step : expansion.steps()) {
      List<@Nullable Tensor> operands = new ArrayList<>();
      step.inputs().forEach(name -> operands.add(name.isEmpty() ? null : values.get(name)));
      OpCall inner = OpCall.ofTensors(step.attributes(), operands, 1);
      Tensor result = StandardOps.registry().get(step.op()).evaluate(inner).getFirst();
      values.put(step.outputs().getFirst(), result);
    }
    return values.get(Expansion.output(0));
  }

  /** The expansion is one way of computing in the element type: the bound for machines holds. */
  private static void check(
      OpDefinition op, Attributes attributes, List<@Nullable Tensor> inputs, Random random) {
    DrawnCall drawn = new DrawnCall(op, attributes, inputs, 1, random);
    drawn.checkPromises();
    List<Tensor> fused = op.evaluate(drawn.call());
    ErrorBound bound = op.machineError(drawn.call(), fused).getFirst();
    Verdict verdict = bound.check(fused.getFirst(), expanded(op, drawn.call(), inputs));
    assertThat(verdict.holds()).as("%s, %s", verdict, attributes).isTrue();
  }

  @Property(tries = 150)
  void fusedConvIsConvThenAddThenActivation(@ForAll long seed) {
    Random random = new Random(seed);
    Attributes attributes =
        activation(random)
            .addTo(Attributes.NONE.with(WindowGeometry.PADS, DrawnCall.list(1, 0, 1, 1)));
    Tensor x = DrawnCall.reals(random, 1, 3, 4, 4);
    Tensor w = DrawnCall.reals(random, 2, 3, 3, 2);
    Tensor b = random.nextBoolean() ? DrawnCall.reals(random, 2) : null;
    Tensor z = random.nextBoolean() ? DrawnCall.reals(random, 1, 2, 4, 4) : null;
    check(new FusedConv(), attributes, Arrays.asList(x, w, b, z), random);
  }

  @Property(tries = 150)
  void fusedGemmIsGemmThenActivation(@ForAll long seed) {
    Random random = new Random(seed);
    Attributes attributes =
        activation(random).addTo(Attributes.NONE.with(Gemm.ALPHA, 0.7f).with(Gemm.BETA, -1.5f));
    Tensor a = DrawnCall.reals(random, 3, 5);
    Tensor b = DrawnCall.reals(random, 5, 4);
    Tensor c = random.nextBoolean() ? DrawnCall.reals(random, 4) : null;
    check(new FusedGemm(), attributes, Arrays.asList(a, b, c), random);
  }

  @Property(tries = 150)
  void fusedMatMulIsMatMulThenAddThenActivation(@ForAll long seed) {
    Random random = new Random(seed);
    Attributes attributes = activation(random).addTo(Attributes.NONE);
    Tensor a = DrawnCall.reals(random, 2, 3, 5);
    Tensor b = DrawnCall.reals(random, 5, 4);
    Tensor c = random.nextBoolean() ? DrawnCall.reals(random, 3, 1) : DrawnCall.reals(random, 4);
    check(new FusedMatMul(), attributes, Arrays.asList(a, b, c), random);
  }
}
