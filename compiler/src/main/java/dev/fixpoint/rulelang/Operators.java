package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.RuleLanguageParser;
import dev.fixpoint.grammar.SourceRange;
import dev.fixpoint.grammar.Spelling;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpRegistry;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Arity;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.ParserRuleContext;

/** The operators that a rule may name, and whether it calls them as their schemas say. */
final class Operators {
  /** Operators whose first two inputs may be swapped; those of many inputs, where there are two. */
  private static final Set<OpId> COMMUTATIVE =
      Set.of(
          OpId.of("Add"),
          OpId.of("And"),
          OpId.of("BitwiseAnd"),
          OpId.of("BitwiseOr"),
          OpId.of("BitwiseXor"),
          OpId.of("Equal"),
          OpId.of("Max"),
          OpId.of("Mean"),
          OpId.of("Min"),
          OpId.of("Mul"),
          OpId.of("Or"),
          OpId.of("Sum"),
          OpId.of("Xor"));

  private final OpRegistry registry;

  Operators(OpRegistry registry) {
    this.registry = registry;
  }

  /** Whether a call with two inputs means the same with them swapped. */
  static boolean isCommutative(OpId id) {
    return COMMUTATIVE.contains(id);
  }

  /** The identity that a text spells. */
  static OpId id(RuleLanguageParser.OperatorContext written) {
    List<String> parts =
        written.operatorPart().stream().map(Spelling::nameOf).collect(Collectors.toList());
    String name = parts.removeLast();
    if (name.isEmpty()) {
      throw Errors.at(written, "found an empty name, expected an operator");
    }
    return new OpId(String.join(".", parts), name);
  }

  /** Whether there is an operator of that name. */
  boolean has(OpId id) {
    return registry.find(id).isPresent();
  }

  /** The names of all operators. */
  List<String> names() {
    return registry.definitions().stream().map(op -> op.id().toString()).toList();
  }

  /** The definition of an operator. */
  OpDefinition find(RuleLanguageParser.OperatorContext written) {
    OpId id = id(written);
    return registry
        .find(id)
        .orElseThrow(
            () -> Errors.unknown(SourceRange.of(written), "an operator", id.toString(), names()));
  }

  /** The key of an attribute that the operator has. */
  static Attribute<?> attribute(OpDefinition op, RuleLanguageParser.AttributeNameContext written) {
    String name = Spelling.nameOf(written);
    return op.schema()
        .attribute(name)
        .orElseThrow(() -> unknownAttribute(SourceRange.of(written), op.id().toString(), op, name));
  }

  /** The error for an attribute that an operator does not have. */
  static RuntimeException unknownAttribute(
      SourceRange place, String what, OpDefinition op, String name) {
    List<String> names = op.schema().attributes().stream().map(Attribute::name).toList();
    return names.isEmpty()
        ? Errors.at(place, "found " + Errors.shown(name) + ", but " + what + " has no attributes")
        : Errors.unknown(place, "an attribute of " + what, name, names);
  }

  /** Refuses a kind written before an attribute's value that is not the schema's. */
  static void requireKind(
      OpDefinition op, Attribute<?> key, RuleLanguageParser.AttrTypeContext written) {
    String kind = AttributeValues.kindText(key);
    if (written != null && !written.id().getText().equals(kind)) {
      throw Errors.at(
          written.id(),
          "found '"
              + written.id().getText()
              + "', expected '"
              + kind
              + "', the kind of attribute '"
              + key
              + "' of "
              + op.id());
    }
  }

  /**
   * Refuses inputs that the operator does not take.
   *
   * @param given for each input whether it is there; trailing ones that are not need not be listed
   * @param open whether any number may follow
   */
  static void requireInputs(
      OpDefinition op, ParserRuleContext place, List<Boolean> given, boolean open) {
    OpSchema schema = op.schema();
    int most = schema.inputs().size();
    boolean variadic = most > 0 && schema.inputs().getLast().arity() == Arity.VARIADIC;
    if (!variadic && given.size() > most) {
      throw Errors.at(place, counted(given.size(), "input") + expected(op, schema.inputs()));
    }
    for (int i = 0; i < most; i++) {
      boolean there = i < given.size() ? given.get(i) : open;
      if (!there && schema.inputs().get(i).arity() != Arity.OPTIONAL) {
        throw Errors.at(
            place,
            i < given.size()
                ? "found no input "
                    + (i + 1)
                    + ", which "
                    + op.id()
                    + " requires: "
                    + schema.inputs().get(i).name()
                : counted(given.size(), "input") + expected(op, schema.inputs()));
      }
    }
  }

  /** Refuses more outputs than the operator has. */
  static void requireOutputs(OpDefinition op, ParserRuleContext place, int count) {
    OpSchema schema = op.schema();
    if (schema.output(count - 1).isEmpty()) {
      throw Errors.at(place, counted(count, "output") + expected(op, schema.outputs()));
    }
  }

  private static String counted(int count, String what) {
    return "found " + count + " " + what + (count == 1 ? "" : "s") + ", expected ";
  }

  private static String expected(OpDefinition op, List<OpSchema.Parameter> parameters) {
    String list =
        parameters.stream()
            .map(
                p ->
                    switch (p.arity()) {
                      case REQUIRED -> p.name();
                      case OPTIONAL -> p.name() + "?";
                      case VARIADIC -> p.name() + "...";
                    })
            .collect(Collectors.joining(", "));
    return "those of " + op.id() + ": (" + list + ")";
  }
}
