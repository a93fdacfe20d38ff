package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls in a row, each on the result of the one before; the last makes the output of the expansion.
 */
final class ExpansionChain {
  private static final Attribute<Long> TO = Attribute.ofInt("to");
  private static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha");
  private static final Attribute<Float> BETA = Attribute.ofFloat("beta");

  private record Link(OpId op, Attributes attributes, List<String> inputs) {}

  private final Expansion.Builder build;
  private final List<Link> links = new ArrayList<>();

  /** A chain of its own. */
  ExpansionChain() {
    this(Expansion.builder());
  }

  /** A chain behind calls that are built already. */
  ExpansionChain(Expansion.Builder build) {
    this.build = build;
  }

  /** Adds a constant and returns its name. */
  String constant(String name, Tensor tensor) {
    return build.constant(name, tensor);
  }

  /** The name of a zero point input, or of a zero in its place where it is absent. */
  String zeroPoint(OpCall call, int input, ElementType type) {
    return call.hasInput(input)
        ? Expansion.input(input)
        : constant("zero" + input, Tensor.scalar(type, 0));
  }

  /** Adds a call that does not read the chain. */
  ExpansionChain start(OpId op, Attributes attributes, List<String> inputs) {
    links.add(new Link(op, attributes, inputs));
    return this;
  }

  /** Adds a call whose first input is the result so far. */
  ExpansionChain then(OpId op, Attributes attributes, String... more) {
    List<String> inputs = new ArrayList<>(List.of(result(links.size() - 1)));
    inputs.addAll(List.of(more));
    return start(op, attributes, inputs);
  }

  /** Adds a call before the chain whose result has a name of its own. */
  String beside(OpId op, List<String> inputs, String name) {
    return build.call(op, Attributes.NONE, inputs, name);
  }

  /** Looks the result so far up in a table. */
  ExpansionChain lookUp(String table) {
    return start(OpId.of("Gather"), Attributes.NONE, List.of(table, result(links.size() - 1)));
  }

  /** Adds a conversion to float32. */
  ExpansionChain toFloat() {
    return then(OpId.of("Cast"), Attributes.NONE.with(TO, (long) ElementType.FLOAT.code()));
  }

  /** Clamps integers where the bounds are not those of their type. */
  ExpansionChain clamp(long low, long high, ElementType type) {
    if (low == type.minInteger() && high == type.maxInteger()) {
      return this;
    }
    return then(
        OpId.of("Clip"),
        Attributes.NONE,
        constant("low", Tensor.scalar(type, low)),
        constant("high", Tensor.scalar(type, high)));
  }

  /** Applies an activation to float values. */
  ExpansionChain activate(Activation activation) {
    return switch (activation) {
      case Activation.None _ -> this;
      case Activation.Relu _ -> then(OpId.of("Relu"), Attributes.NONE);
      case Activation.Clip clip ->
          then(
              OpId.of("Clip"),
              Attributes.NONE,
              constant("low", Tensor.ofFloats(Shape.SCALAR, clip.low())),
              constant("high", Tensor.ofFloats(Shape.SCALAR, clip.high())));
      case Activation.LeakyRelu leaky ->
          then(OpId.of("LeakyRelu"), Attributes.NONE.with(ALPHA, leaky.alpha()));
      case Activation.HardSigmoid hard ->
          then(
              OpId.of("HardSigmoid"),
              Attributes.NONE.with(ALPHA, hard.alpha()).with(BETA, hard.beta()));
      case Activation.HardSwish _ -> then(OpId.of("HardSwish"), Attributes.NONE);
      case Activation.Swish _ -> {
        String real = result(links.size() - 1);
        yield then(OpId.of("Sigmoid"), Attributes.NONE).then(OpId.of("Mul"), Attributes.NONE, real);
      }
    };
  }

  private static String result(int link) {
    return "part" + link;
  }

  /** The expansion. */
  Expansion build() {
    finish();
    return build.build();
  }

  /** Adds the calls to the expansion. */
  void finish() {
    for (int i = 0; i < links.size(); i++) {
      Link link = links.get(i);
      boolean last = i == links.size() - 1;
      build.call(link.op, link.attributes, link.inputs, last ? Expansion.output(0) : result(i));
    }
  }
}
