package dev.fixpoint.rulelang;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rulelang.ReplacementPlan.Exchange;
import dev.fixpoint.rulelang.ReplacementPlan.Input;
import dev.fixpoint.rulelang.ReplacementPlan.NodePlan;
import dev.fixpoint.rulelang.ReplacementPlan.Output;
import dev.fixpoint.tensor.ElementType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The replacement of a rule that was loaded from text, with that text.
 *
 * @param plan what takes the place of a match
 * @param numbers numbers that matched constants stand for
 * @param text the rule, for printing
 */
record PlannedReplacement(ReplacementPlan plan, List<MeantNumber> numbers, RuleText text)
    implements RewriteRule.ReplacementFunction {
  PlannedReplacement {
    numbers = List.copyOf(numbers);
  }

  @Override
  public void replace(Match match, ReplacementBuilder build) {
    for (MeantNumber number : numbers) {
      match
          .findConstant(number.constant())
          .ifPresent(stored -> build.means(match.get(number.constant()), number.error(stored)));
    }
    try {
      new Application(match, build).apply(plan);
    } catch (Refusal refusal) {
      throw build.refuse(refusal.reason());
    }
  }

  /** One application of a plan. */
  private static final class Application {
    private final Match match;
    private final ReplacementBuilder build;
    private final Evaluation evaluation;
    private final Map<String, Value> made = new HashMap<>();
    private final Map<String, Value> constants = new HashMap<>();

    Application(Match match, ReplacementBuilder build) {
      this.match = match;
      this.build = build;
      this.evaluation = new Evaluation(match);
    }

    void apply(ReplacementPlan plan) {
      plan.values().forEach(this::exchange);
      requireNothingLost(remade(plan));
      plan.nodes().forEach(this::node);
    }

    private Value required(Name name) {
      Value value = evaluation.value(name);
      if (value == null) {
        throw new Refusal("'" + name.text() + "' is absent");
      }
      return value;
    }

    private void exchange(Exchange exchange) {
      Value target = required(exchange.target());
      switch (exchange.source()) {
        case ReplacementPlan.Constant constant -> {
          requireNothingLost(Set.of(target));
          ElementType type = match.type(target).elementType();
          Constants.Stored stored =
              Constants.store(evaluation.numbers(constant.expression()), type);
          if (stored.error() instanceof ErrorBound.Exact) {
            build.define(target, stored.tensor());
          } else {
            build.define(target, stored.tensor(), stored.error());
          }
        }
        case ReplacementPlan.Matched matched -> substitute(target, required(matched.name()));
        case ReplacementPlan.Omitted _, ReplacementPlan.Rest _, ReplacementPlan.Made _ ->
            throw new IllegalStateException("no single value: " + exchange);
      }
    }

    /**
     * A value that the graph gives out, or that a subgraph reads, keeps its name by an Identity.
     */
    private void substitute(Value target, Value source) {
      boolean pinned =
          match.graph().isOutput(target)
              || match.graph().uses(target).stream().anyMatch(use -> use.index() == Use.CAPTURE);
      if (!pinned) {
        build.substitute(target, source);
        return;
      }
      OpId identity = StandardOps.IDENTITY.id();
      if (match.nodes().stream().anyMatch(node -> node.calls(identity))) {
        throw new Refusal("'" + target + "' is an output of the graph or read by a subgraph");
      }
      requireNothingLost(Set.of(target));
      build.define(target, StandardOps.IDENTITY, Attributes.NONE, source);
    }

    private Set<Value> remade(ReplacementPlan plan) {
      Set<Value> remade = new HashSet<>();
      for (NodePlan node : plan.nodes()) {
        for (Output output : node.outputs()) {
          if (output != null && output.target() != null) {
            remade.add(required(output.target()));
          }
        }
      }
      return remade;
    }

    /** A matched node whose output is made anew goes; its other outputs must not be missed. */
    private void requireNothingLost(Set<Value> remade) {
      for (Node node : match.nodes()) {
        if (node.outputs().stream().anyMatch(remade::contains)) {
          node.outputs().stream().filter(v -> !remade.contains(v)).forEach(this::requireUnread);
        }
      }
    }

    private void requireUnread(Value value) {
      if (match.graph().isOutput(value) || match.graph().useCount(value) > 0) {
        throw new Refusal("'" + value + "' is read, and nothing would make it");
      }
    }

    private void node(NodePlan plan) {
      List<@Nullable Value> inputs = inputs(plan);
      List<Value> outputs = new ArrayList<>();
      for (Output output : plan.outputs()) {
        outputs.add(output(output));
      }
      build.node(plan.op(), attributes(plan), inputs, outputs);
    }

    private Value output(@Nullable Output output) {
      String wish = match.root().output().name();
      if (output == null) {
        return build.value(wish + "_unused");
      }
      Value value =
          output.target() == null
              ? build.value(wish + "_" + output.name())
              : required(output.target());
      made.put(output.name(), value);
      return value;
    }

    private Attributes attributes(NodePlan plan) {
      Map<String, AttributeValue> values = new LinkedHashMap<>();
      ReplacementPlan.Copied copied = plan.copied();
      if (copied != null && copied.node().node() != null) {
        match
            .find(copied.node().node())
            .ifPresent(node -> values.putAll(node.attributes().values()));
        copied.except().forEach(values::remove);
      }
      values.putAll(evaluation.attributes(plan.attributes()).values());
      return Attributes.of(values);
    }

    private List<@Nullable Value> inputs(NodePlan plan) {
      List<@Nullable Value> existing = new ArrayList<>();
      List<ReplacementPlan.@Nullable Constant> computed = new ArrayList<>();
      for (Input input : plan.inputs()) {
        switch (input) {
          case ReplacementPlan.Omitted _ -> existing.add(null);
          case ReplacementPlan.Matched matched -> existing.add(evaluation.value(matched.name()));
          case ReplacementPlan.Made name -> existing.add(made.get(name.name()));
          case ReplacementPlan.Constant _ -> existing.add(null);
          case ReplacementPlan.Rest rest ->
              existing.addAll(match.get(Objects.requireNonNull(rest.name().values())).list());
        }
        while (computed.size() < existing.size()) {
          computed.add(input instanceof ReplacementPlan.Constant constant ? constant : null);
        }
      }
      for (int i = 0; i < existing.size(); i++) {
        ReplacementPlan.Constant constant = computed.get(i);
        if (constant != null) {
          existing.set(i, constant(plan, i, constant, existing));
        } else if (existing.get(i) == null) {
          requireOptional(plan, i);
        }
      }
      return existing;
    }

    private static void requireOptional(NodePlan plan, int index) {
      boolean required =
          plan.op().schema().input(index).stream()
              .anyMatch(parameter -> parameter.arity() == OpSchema.Arity.REQUIRED);
      if (required) {
        throw new Refusal("input " + index + " of " + plan.op().id() + " would be absent");
      }
    }

    private @Nullable Value constant(
        NodePlan plan, int index, ReplacementPlan.Constant constant, List<@Nullable Value> inputs) {
      Operand operand = evaluation.of(constant.expression());
      if (operand == null) {
        requireOptional(plan, index);
        return null;
      }
      if (!(operand instanceof Computed computed)) {
        throw new Refusal("'" + constant.wish() + "' is no tensor");
      }
      ElementType type = new ConstantTypes(match).of(plan.op(), index, computed, inputs);
      boolean number = constant.expression() instanceof Expression.Fixed;
      String key = constant.wish() + " " + (number ? constant.expression() : "") + " " + type;
      return constants.computeIfAbsent(key, _ -> stored(constant.wish(), computed, type));
    }

    private Value stored(String name, Computed computed, ElementType type) {
      Constants.Stored stored = Constants.store(computed, type);
      String wish = match.root().output().name() + "_" + name;
      return stored.error() instanceof ErrorBound.Exact
          ? build.constant(wish, stored.tensor())
          : build.constant(wish, stored.tensor(), stored.error());
    }
  }
}
