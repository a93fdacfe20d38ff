package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.Literal;
import dev.fixpoint.grammar.LiteralKind;
import dev.fixpoint.grammar.RuleLanguageParser;
import dev.fixpoint.grammar.RuleLanguageParser.IdContext;
import dev.fixpoint.grammar.RuleLanguageParser.ReplacementCallContext;
import dev.fixpoint.grammar.RuleLanguageParser.ReplacementInputContext;
import dev.fixpoint.grammar.RuleLanguageParser.ReplacementNodeContext;
import dev.fixpoint.grammar.SourceRange;
import dev.fixpoint.grammar.Spelling;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.rulelang.ReplacementPlan.Copied;
import dev.fixpoint.rulelang.ReplacementPlan.Exchange;
import dev.fixpoint.rulelang.ReplacementPlan.Input;
import dev.fixpoint.rulelang.ReplacementPlan.NodePlan;
import dev.fixpoint.rulelang.ReplacementPlan.Output;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.tree.ParseTree;
import org.jspecify.annotations.Nullable;

/** Turns the clause {@code replace} of a rule into a checked plan. */
final class ReplacementReader {
  private final Names names;
  private final Operators operators;
  private final CallReader calls;
  private final Map<String, Name> targets = new LinkedHashMap<>();
  private final Set<String> made = new HashSet<>();
  private final Set<String> read = new HashSet<>();
  private final Map<String, IdContext> own = new LinkedHashMap<>();

  ReplacementReader(Names names, RuleVocabulary vocabulary, CallReader calls) {
    this.names = names;
    this.operators = new Operators(vocabulary.operators());
    this.calls = calls;
  }

  ReplacementPlan read(RuleLanguageParser.ReplaceClauseContext clause) {
    clause.id().forEach(this::target);
    var replacement = clause.replacement();
    if (replacement.replacementCall() != null) {
      List<@Nullable Output> outputs = new ArrayList<>();
      targets.forEach((text, name) -> outputs.add(new Output(text, name)));
      return new ReplacementPlan(
          List.of(), List.of(node(replacement.replacementCall(), outputs, clause.id(0))));
    }
    return replacement.replacementNode().isEmpty() ? exchange(clause) : block(clause);
  }

  private void target(IdContext id) {
    Name name = names.use(id);
    if (name.node() == null || name.value() == null) {
      throw Errors.at(
          id,
          "found "
              + Errors.shown(name.text())
              + ", which no node of the pattern makes, expected an"
              + " output of a matched node");
    }
    if (targets.put(name.text(), name) != null) {
      throw Errors.at(id, "found " + Errors.shown(name.text()) + " again, expected it once");
    }
  }

  private ReplacementPlan exchange(RuleLanguageParser.ReplaceClauseContext clause) {
    List<IdContext> sources = clause.replacement().id();
    if (sources.size() != targets.size()) {
      throw Errors.at(
          clause.replacement(),
          "found "
              + sources.size()
              + (sources.size() == 1 ? " value" : " values")
              + ", expected as many as are replaced: "
              + targets.size());
    }
    List<Exchange> values = new ArrayList<>();
    int index = 0;
    for (Name target : targets.values()) {
      IdContext id = sources.get(index++);
      Input source = value(id);
      if (source instanceof ReplacementPlan.Rest) {
        throw Errors.at(id, "found a list of values, expected one value");
      }
      if (source instanceof ReplacementPlan.Matched matched
          && targets.containsValue(matched.name())) {
        throw Errors.at(id, "found a value that is replaced itself, expected one that stays");
      }
      values.add(new Exchange(target, source));
    }
    return new ReplacementPlan(values, List.of());
  }

  private ReplacementPlan block(RuleLanguageParser.ReplaceClauseContext clause) {
    List<ReplacementNodeContext> nodes = clause.replacement().replacementNode();
    for (ReplacementNodeContext node : nodes) {
      for (IdContext id : node.id()) {
        if (!id.getText().equals(Names.ANYTHING) && own.putIfAbsent(id.getText(), id) != null) {
          throw Errors.at(
              id, "found " + Errors.shown(id.getText()) + " again, expected another name");
        }
      }
    }
    List<NodePlan> plans = new ArrayList<>();
    for (ReplacementNodeContext node : nodes) {
      List<@Nullable Output> outputs = outputs(node);
      plans.add(node(node.replacementCall(), outputs, node));
      outputs.stream().filter(o -> o != null).forEach(o -> made.add(o.name()));
    }
    for (String target : targets.keySet()) {
      if (!made.contains(target)) {
        throw Errors.at(
            clause, "found no node that makes " + Errors.shown(target) + ", expected one");
      }
    }
    own.forEach(
        (text, id) -> {
          if (!targets.containsKey(text) && !read.contains(text)) {
            throw Errors.at(
                id, "found " + Errors.shown(text) + ", which nothing reads, expected '_'");
          }
        });
    return new ReplacementPlan(List.of(), plans);
  }

  private List<@Nullable Output> outputs(ReplacementNodeContext node) {
    List<@Nullable Output> outputs = new ArrayList<>();
    @Nullable Output current = null;
    for (ParseTree part : node.children) {
      if (part instanceof IdContext id) {
        current = id.getText().equals(Names.ANYTHING) ? null : output(id);
      } else if (part.getText().equals(",") || part.getText().equals("=")) {
        outputs.add(current);
        current = null;
      }
    }
    return outputs;
  }

  private Output output(IdContext id) {
    String text = id.getText();
    Name target = targets.get(text);
    if (target == null && (names.pattern(text) != null || names.let(text) != null)) {
      throw Errors.at(
          id,
          "found "
              + Errors.shown(text)
              + ", which is taken, expected a replaced value or a new name");
    }
    return new Output(text, target);
  }

  private NodePlan node(
      ReplacementCallContext call,
      List<@Nullable Output> outputs,
      org.antlr.v4.runtime.ParserRuleContext place) {
    OpDefinition op = operators.find(call.operator());
    Operators.requireOutputs(op, place, outputs.size());
    List<ReplacementInputContext> written = call.replacementInputs().replacementInput();
    if (written.size() == 1 && written.getFirst().getChildCount() == 0) {
      written = List.of();
    }
    List<Input> inputs = new ArrayList<>();
    List<Boolean> given = new ArrayList<>();
    boolean open = false;
    for (ReplacementInputContext one : written) {
      Input input = input(one);
      open |= input instanceof ReplacementPlan.Rest;
      if (!(input instanceof ReplacementPlan.Rest)) {
        given.add(!(input instanceof ReplacementPlan.Omitted));
      }
      inputs.add(input);
    }
    Operators.requireInputs(op, call, given, open);
    var attributes = calls.attributes(op, call.attrList());
    Copied copied = call.copiedAttributes() == null ? null : copied(op, call.copiedAttributes());
    requireAttributes(op, call, attributes, copied);
    return new NodePlan(op, outputs, inputs, copied, attributes);
  }

  private static void requireAttributes(
      OpDefinition op,
      ReplacementCallContext call,
      List<Expression.AttributeValueOf> written,
      @Nullable Copied copied) {
    for (Attribute<?> key : op.schema().attributes()) {
      boolean given =
          written.stream().anyMatch(a -> a.key().name().equals(key.name()))
              || (copied != null
                  && !copied.except().contains(key.name())
                  && copied.node().attribute(key.name()).isPresent());
      if (key.isRequired() && !given) {
        throw Errors.at(call, "found no attribute '" + key + "', which " + op.id() + " requires");
      }
    }
  }

  private Copied copied(OpDefinition op, RuleLanguageParser.CopiedAttributesContext written) {
    Name name = names.use(written.id());
    if (name.makers().isEmpty()) {
      throw Errors.at(
          written.id(),
          "found "
              + Errors.shown(name.text())
              + ", which no node of the pattern makes, expected the"
              + " name of a node");
    }
    Set<String> except = new HashSet<>();
    for (var attribute : written.attributeName()) {
      String text = Spelling.nameOf(attribute);
      if (name.attribute(text).isEmpty()) {
        throw Operators.unknownAttribute(
            SourceRange.of(attribute),
            name.makers().getFirst().id().toString(),
            name.makers().getFirst(),
            text);
      }
      except.add(text);
    }
    for (OpDefinition maker : name.makers()) {
      for (Attribute<?> key : maker.schema().attributes()) {
        if (!except.contains(key.name()) && op.schema().attribute(key.name()).isEmpty()) {
          throw Errors.at(
              written,
              "found attribute '"
                  + key
                  + "' of "
                  + maker.id()
                  + ", which "
                  + op.id()
                  + " does not have, expected 'except "
                  + key
                  + "'");
        }
      }
    }
    return new Copied(name, Set.copyOf(except));
  }

  private Input input(ReplacementInputContext written) {
    if (written.constant() != null) {
      Literal literal = Literal.of(written.constant());
      if (literal.kind() == LiteralKind.STRING) {
        throw Errors.at(written, "found a string, expected a value or a number");
      }
      return new ReplacementPlan.Constant("number", ExpressionReader.number(literal));
    }
    if (written.id() == null) {
      return new ReplacementPlan.Omitted();
    }
    Input input = value(written.id());
    boolean list = input instanceof ReplacementPlan.Rest;
    if (list != (written.ELLIPSIS() != null)) {
      throw Errors.at(
          written,
          list
              ? "found a list of values, expected '" + written.id().getText() + "...'"
              : "found one value, expected '" + written.id().getText() + "' without '...'");
    }
    return input;
  }

  private Input value(IdContext id) {
    String text = id.getText();
    if (own.containsKey(text)) {
      if (!made.contains(text)) {
        throw Errors.at(
            id,
            "found "
                + Errors.shown(text)
                + ", which a later node makes, expected that node before");
      }
      read.add(text);
      return new ReplacementPlan.Made(text);
    }
    Names.Let let = names.let(text);
    if (let != null) {
      if (let.kind() != Kind.NUMBERS) {
        throw Errors.at(id, "found " + let.kind().words() + ", expected a value or numbers");
      }
      Names.use(let, text);
      return new ReplacementPlan.Constant(
          text, new Expression.Bound(let, let.targets().indexOf(text)));
    }
    Name name = names.use(id);
    return name.values() != null
        ? new ReplacementPlan.Rest(name)
        : new ReplacementPlan.Matched(name);
  }
}
