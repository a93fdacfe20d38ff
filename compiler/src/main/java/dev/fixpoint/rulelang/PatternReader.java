package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.Literal;
import dev.fixpoint.grammar.RuleLanguageParser;
import dev.fixpoint.grammar.RuleLanguageParser.PatternAlternativeContext;
import dev.fixpoint.grammar.RuleLanguageParser.PatternCallContext;
import dev.fixpoint.grammar.RuleLanguageParser.PatternNodeContext;
import dev.fixpoint.grammar.RuleLanguageParser.PatternValueContext;
import dev.fixpoint.grammar.SourceRange;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.ElementLiteral;
import dev.fixpoint.rewrite.Pattern;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.Patterns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.antlr.v4.runtime.tree.ParseTree;
import org.jspecify.annotations.Nullable;

/** Builds the pattern of a rule from its nodes, and says what its names stand for. */
final class PatternReader {
  /** Nodes of a pattern, each counted as often as it is read: more than any rule needs. */
  private static final long MOST_NODES = 256;

  private final Operators operators;
  private final Names names;
  private final Map<String, PatternNodeContext> definitions = new HashMap<>();
  private final Map<PatternNodeContext, Capture<Node>> captures = new HashMap<>();
  private final Map<PatternNodeContext, Pattern> built = new HashMap<>();
  private final Map<PatternNodeContext, Long> sizes = new HashMap<>();
  private final Set<PatternNodeContext> open = new HashSet<>();
  private final List<MeantNumber> numbers = new ArrayList<>();
  private long size;

  PatternReader(Operators operators, Names names) {
    this.operators = operators;
    this.names = names;
  }

  /** The numbers that constants of the pattern stand for. */
  List<MeantNumber> numbers() {
    return List.copyOf(numbers);
  }

  /** The pattern whose root is the first node. */
  OpPattern read(RuleLanguageParser.MatchClauseContext match) {
    List<PatternNodeContext> nodes = match.patternNode();
    if (nodes.size() > MOST_NODES) {
      throw tooLarge(nodes.get((int) MOST_NODES));
    }
    nodes.forEach(this::define);
    PatternNodeContext root = nodes.getFirst();
    Pattern pattern = node(root);
    for (PatternNodeContext node : nodes) {
      if (!built.containsKey(node)) {
        throw Errors.at(
            node.patternOutputs(),
            "found "
                + Errors.shown(first(node))
                + ", which nothing reads, expected nodes that '"
                + first(root)
                + "' is made of");
      }
    }
    if (pattern instanceof OpPattern op) {
      return op;
    }
    throw Errors.at(
        root,
        "found alternatives, expected one call: the first node may be of several operators, but"
            + " with the same operands; write a rule for each");
  }

  private static String first(PatternNodeContext node) {
    return node.patternOutputs().patternValue(0).id().getText();
  }

  private void define(PatternNodeContext node) {
    Capture<Node> capture = Capture.ofNode(first(node));
    captures.put(node, capture);
    for (PatternValueContext output : node.patternOutputs().patternValue()) {
      String text = output.id().getText();
      if (output.ELLIPSIS() != null) {
        throw Errors.at(output, "found '" + text + "...', expected outputs one by one");
      }
      if (text.equals(Names.ANYTHING)) {
        continue;
      }
      if (definitions.putIfAbsent(text, node) != null) {
        throw Errors.at(output, "found " + Errors.shown(text) + " again, expected another name");
      }
      names.add(Name.output(text, SourceRange.of(output), capture));
    }
    if (first(node).equals(Names.ANYTHING)) {
      throw Errors.at(node.patternOutputs(), "found '_', expected a name by which it is read");
    }
  }

  private Pattern node(PatternNodeContext node) {
    Pattern known = built.get(node);
    if (known != null) {
      size += Objects.requireNonNull(sizes.get(node));
      requireSize(node);
      return known;
    }
    if (!open.add(node)) {
      throw Errors.at(
          node,
          "found " + Errors.shown(first(node)) + ", which is made of itself, expected no cycle");
    }
    long before = size++;
    requireSize(node);
    Pattern pattern = alternatives(node);
    open.remove(node);
    built.put(node, pattern);
    sizes.put(node, size - before);
    return pattern;
  }

  private void requireSize(PatternNodeContext node) {
    if (size > MOST_NODES) {
      throw tooLarge(node);
    }
  }

  private static RuntimeException tooLarge(PatternNodeContext node) {
    return Errors.at(
        node, "found more than " + MOST_NODES + " nodes in one pattern, expected a smaller one");
  }

  private Pattern alternatives(PatternNodeContext node) {
    List<Pattern> patterns = new ArrayList<>();
    @Nullable PatternCall previous = null;
    for (PatternAlternativeContext alternative : node.patternAlternative()) {
      PatternCallContext written = alternative.patternCall();
      if (written == null) {
        patterns.add(value(node, alternative));
        previous = null;
        continue;
      }
      OpDefinition op = operator(node, written);
      PatternCall call = PatternCall.of(op, written);
      if (previous != null
          && call.agreesWith(previous)
          && patterns.getLast() instanceof OpPattern same
          && attributes(Patterns.op(op), op, written).attributes().equals(same.attributes())) {
        patterns.set(patterns.size() - 1, same.orOp(op.id()));
      } else {
        patterns.add(call(node, op, written, call));
      }
      previous = call;
    }
    if (patterns.size() == 1) {
      return patterns.getFirst();
    }
    Name name = Objects.requireNonNull(names.pattern(first(node)));
    return new Pattern.OneOf(patterns, name.value());
  }

  private Pattern value(PatternNodeContext node, PatternAlternativeContext alternative) {
    if (node.patternOutputs().patternValue().size() > 1) {
      throw Errors.at(alternative, "found one value, expected a node with several outputs");
    }
    Name name = Objects.requireNonNull(names.pattern(first(node)));
    if (alternative.constant() != null) {
      if (node.patternAlternative().stream().allMatch(a -> a.constant() != null)) {
        name.setConstant();
      }
      return literal(name.value(), alternative.constant());
    }
    return value(alternative.id());
  }

  private OpDefinition operator(PatternNodeContext node, PatternCallContext call) {
    OpDefinition op = operators.find(call.operator());
    Operators.requireOutputs(op, node.patternOutputs(), outputs(node));
    for (PatternValueContext output : node.patternOutputs().patternValue()) {
      Name name = names.pattern(output.id().getText());
      if (name != null) {
        name.makers().add(op);
      }
    }
    return op;
  }

  private static int outputs(PatternNodeContext node) {
    return node.patternOutputs().COMMA().size() + 1;
  }

  private OpPattern call(
      PatternNodeContext node, OpDefinition op, PatternCallContext written, PatternCall call) {
    OpPattern pattern = Patterns.op(op).capture(Objects.requireNonNull(captures.get(node)));
    pattern = outputs(node, attributes(pattern, op, written));
    int count = 0;
    for (var operand : call.operands()) {
      pattern = input(pattern, count++, operand);
    }
    if (call.rest() != null) {
      pattern = rest(pattern, call.rest());
    }
    pattern = call.swappable() ? pattern.commutative() : pattern;
    return call.open() ? pattern : pattern.everyInput(Patterns.absent());
  }

  private OpPattern outputs(PatternNodeContext node, OpPattern pattern) {
    OpPattern result = pattern;
    int index = 0;
    int required = 0;
    for (ParseTree part : node.patternOutputs().children) {
      if (part instanceof PatternValueContext output) {
        Name name = names.pattern(output.id().getText());
        if (name != null && name.value() != null) {
          result = result.result(index, name.value());
        }
        required = output.QUESTION() == null ? index + 1 : required;
      } else {
        index++;
      }
    }
    return result.outputs(Math.max(required, 1));
  }

  private OpPattern attributes(OpPattern pattern, OpDefinition op, PatternCallContext call) {
    OpPattern result = pattern;
    if (call.patternAttrList() != null) {
      for (var written : call.patternAttrList().patternAttr()) {
        Attribute<?> key = Operators.attribute(op, written.attributeName());
        Operators.requireKind(op, key, written.attrType());
        if (result.attributes().containsKey(key.name())) {
          throw Errors.at(written, "found attribute '" + key + "' again, expected it once");
        }
        result =
            result.attribute(key.name(), AttributeValues.wanted(key, written.patternAttrValue()));
      }
    }
    return result;
  }

  private OpPattern rest(OpPattern pattern, PatternValueContext value) {
    String text = value.id().getText();
    if (text.equals(Names.ANYTHING)) {
      return pattern;
    }
    if (names.pattern(text) != null) {
      throw Errors.at(value, "found " + Errors.shown(text) + " again, expected another name");
    }
    Name name = Name.rest(text, SourceRange.of(value));
    names.add(name);
    return pattern.rest(Objects.requireNonNull(name.values()));
  }

  private OpPattern input(
      OpPattern pattern, int index, RuleLanguageParser.PatternInputContext input) {
    if (input.constant() != null) {
      return pattern.input(index, literal(Capture.ofValue("number"), input.constant()));
    }
    PatternValueContext value = input.patternValue();
    if (value == null) {
      return pattern.input(index, Patterns.absent());
    }
    boolean optional = value.QUESTION() != null;
    if (optional && value.id().getText().equals(Names.ANYTHING)) {
      return pattern.input(index, Patterns.optional(Patterns.any()));
    }
    Pattern wanted = value(value.id());
    return pattern.input(index, optional ? Patterns.optional(wanted) : wanted);
  }

  private Pattern value(RuleLanguageParser.IdContext id) {
    String text = id.getText();
    if (text.equals(Names.ANYTHING)) {
      return Patterns.any();
    }
    PatternNodeContext definition = definitions.get(text);
    Name name = names.pattern(text);
    if (definition != null && name != null) {
      name.use();
      return output(id, definition);
    }
    if (name == null) {
      name = Name.free(text, SourceRange.of(id));
      names.add(name);
    } else if (name.value() == null) {
      throw Errors.at(id, "found the list '" + text + "...', expected one value");
    } else {
      name.use();
    }
    return Patterns.any(Objects.requireNonNull(name.value()));
  }

  private Pattern output(RuleLanguageParser.IdContext id, PatternNodeContext definition) {
    Pattern pattern = node(definition);
    int index = 0;
    for (ParseTree part : definition.patternOutputs().children) {
      if (part instanceof PatternValueContext output) {
        if (output.id().getText().equals(id.getText())) {
          break;
        }
      } else {
        index++;
      }
    }
    if (index == 0) {
      return pattern;
    }
    if (pattern instanceof OpPattern op) {
      return op.output(index);
    }
    throw Errors.at(
        definition, "found alternatives, expected one call where a later output is read");
  }

  private Pattern literal(
      @Nullable Capture<Value> capture, RuleLanguageParser.ConstantContext written) {
    Literal literal = Literal.of(written);
    ElementLiteral wanted =
        switch (literal.kind()) {
          case INTEGER -> new ElementLiteral.OfInteger(literal.longValue());
          case FLOAT -> new ElementLiteral.OfNumber(literal.doubleValue());
          case STRING -> new ElementLiteral.OfText(literal.stringValue());
        };
    if (wanted instanceof ElementLiteral.OfNumber number && capture != null) {
      numbers.add(new MeantNumber(capture, number.value()));
    }
    return new Pattern.ConstantValue(capture, wanted);
  }
}
