package dev.fixpoint.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RuleLanguageParsingTest {

  private static final String RULE =
      """
      rule fold-batch-norm-into-conv-2d {
        doc "Folds a \\"normalization\\"."
        opset >= 9, "com.microsoft" < 2
        benefit 3
        match y = BatchNormalization(conv, scale, bias, mean, variance)
              conv, rest... = Conv <group = 1, pads = [0, -1]> (x, w, b?) | ConvTranspose(x, , 0.5)
        where single_use(conv), not y.epsilon > 1e-3 and rank(w) == 4
        let   (w1, b1) = fold(w, [1, "a"], y.epsilon), k = -scale / 2 * Sqrt(variance)
        where positive(k)
        replace y with Conv <axis = (y.axis + 1)> (x, w1, b1) { attributes of conv except pads }
        within lsb(1, k)
      }
      """;

  private final RuleLanguageParser.RuleDefinitionContext rule =
      RuleLanguageParsing.parseRules(new SourceText("bn.rules", RULE)).ruleDefinition(0);

  @Test
  void headKeepsNameDocumentationGuardsAndBenefit() {
    assertThat(RuleLanguageParsing.nameOf(rule.ruleName()))
        .isEqualTo("fold-batch-norm-into-conv-2d");
    assertThat(Spelling.nameOf(rule.docClause().QUOTED())).isEqualTo("Folds a \"normalization\".");
    var guards = rule.opsetClause().opsetGuard();
    assertThat(guards.get(0).QUOTED()).isNull();
    assertThat(guards.get(0).comparisonOperator().getText()).isEqualTo(">=");
    assertThat(Spelling.nameOf(guards.get(1).QUOTED())).isEqualTo("com.microsoft");
    assertThat(rule.benefitClause().INT().getText()).isEqualTo("3");
  }

  @Test
  void patternKeepsOptionalOmittedConstantAndVariadicOperands() {
    var conv = rule.matchClause().patternNode(1);

    assertThat(conv.patternOutputs().patternValue(1).ELLIPSIS()).isNotNull();
    var first = conv.patternAlternative(0).patternCall();
    assertThat(first.patternInputs().patternInput(2).patternValue().QUESTION()).isNotNull();
    var attributes = first.patternAttrList().patternAttr();
    assertThat(Literal.of(attributes.get(0).patternAttrValue().constant()).longValue())
        .isEqualTo(1);
    var pads = attributes.get(1).patternAttrValue().constantList().constant();
    assertThat(Literal.of(pads.get(1)).longValue()).isEqualTo(-1);
    var second = conv.patternAlternative(1).patternCall().patternInputs().patternInput();
    assertThat(second.get(1).getChildCount()).isZero();
    assertThat(Literal.of(second.get(2).constant()).floatValue()).isEqualTo(0.5f);
  }

  @Test
  void notBindsTighterThanAndButLooserThanAComparison() {
    var condition = rule.whereClause(0).expression(1);

    var parts = condition.conjunction(0).negation();

    assertThat(parts).hasSize(2);
    assertThat(parts.get(0).NOT()).isNotNull();
    assertThat(parts.get(0).comparison().comparisonOperator().getText()).isEqualTo(">");
    assertThat(parts.get(1).NOT()).isNull();
  }

  @Test
  void factorsBindTighterThanTerms() {
    var product =
        rule.letClause(0).letBinding(1).expression().conjunction(0).negation(0).comparison().sum(0);

    assertThat(product.product()).hasSize(1);
    assertThat(product.product(0).signed()).hasSize(3);
    assertThat(product.product(0).signed(0).MINUS()).isNotNull();
  }

  @Test
  void conditionsAndBindingsKeepTheirOrder() {
    assertThat(rule.children)
        .filteredOn(
            child ->
                child instanceof RuleLanguageParser.WhereClauseContext
                    || child instanceof RuleLanguageParser.LetClauseContext)
        .hasExactlyElementsOfTypes(
            RuleLanguageParser.WhereClauseContext.class,
            RuleLanguageParser.LetClauseContext.class,
            RuleLanguageParser.WhereClauseContext.class);
    assertThat(rule.letClause(0).letBinding(0).letTarget().id()).hasSize(2);
  }

  @Test
  void replacementKeepsCopiedAttributesAndContractItsArguments() {
    var call = rule.replaceClause().replacement().replacementCall();

    assertThat(call.copiedAttributes().id().getText()).isEqualTo("conv");
    assertThat(call.copiedAttributes().attributeName(0).getText()).isEqualTo("pads");
    assertThat(call.attrList().attr(0).attrOperand().expression()).isNotNull();
    assertThat(rule.withinClause().contract().id().getText()).isEqualTo("lsb");
    assertThat(rule.withinClause().contract().arguments().argument()).hasSize(2);
  }

  @Test
  void tensorsAreListsOfLiterals() {
    var file =
        RuleLanguageParsing.parseRules(
            new SourceText(
                "r",
                "rule a { match y = A(x) let t = int4[2] {-8, 7} replace y with x within b }"));
    var sum =
        file.ruleDefinition(0).letClause(0).letBinding(0).expression().conjunction(0).negation(0);

    var tensor = sum.comparison().sum(0).product(0).signed(0).primary().tensorConstant();

    assertThat(tensor.tensorType().PRIM_TYPE().getText()).isEqualTo("int4");
    assertThat(LiteralList.of(tensor.BRACED_LITERALS()).longAt(0)).isEqualTo(-8);
  }
}
