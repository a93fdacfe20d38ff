package dev.fixpoint.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LiteralTest {

  private static Literal attribute(String literal) {
    var nodes = OnnxTextParsing.parseNodes(new SourceText("t", "y = A <x = " + literal + "> ()"));
    return Literal.of(nodes.node(0).attrList().attr(0).attrValue().primConstant());
  }

  @Test
  void kindIsTheSpelling() {
    assertThat(attribute("-12").kind()).isEqualTo(LiteralKind.INTEGER);
    assertThat(attribute("12.").kind()).isEqualTo(LiteralKind.FLOAT);
    assertThat(attribute("1E+2").kind()).isEqualTo(LiteralKind.FLOAT);
    assertThat(attribute("-inf").kind()).isEqualTo(LiteralKind.FLOAT);
    assertThat(attribute("\"1\"").kind()).isEqualTo(LiteralKind.STRING);
  }

  @Test
  void valueHasTheTypeThatIsAskedFor() {
    assertThat(attribute("-9223372036854775808").longValue()).isEqualTo(Long.MIN_VALUE);
    assertThat(attribute("18446744073709551615").unsignedLongValue()).isEqualTo(-1);
    assertThat(attribute("0.1").floatValue()).isEqualTo(0.1f);
    assertThat(attribute("0.1").doubleValue()).isEqualTo(0.1);
    assertThat(attribute("3").floatValue()).isEqualTo(3f);
    assertThat(attribute("\"a\\\\b\"").stringValue()).isEqualTo("a\\b");
  }

  @Test
  void valueOfAnotherTypeIsReportedAtItsPlace() {
    assertThatThrownBy(() -> attribute("1.0").longValue())
        .isInstanceOf(SyntaxException.class)
        .hasMessage("t:1:12: found '1.0', expected an integer");
    assertThatThrownBy(() -> attribute("nan").unsignedLongValue())
        .hasMessage("t:1:12: found 'nan', expected an integer");
    assertThatThrownBy(() -> attribute("-1e39").floatValue())
        .hasMessage("t:1:12: found '-1e39', expected a number within float32");
    assertThatThrownBy(() -> attribute("\"x\"").doubleValue())
        .hasMessage("t:1:12: found '\"x\"', expected a number");
    assertThatThrownBy(() -> attribute("1").stringValue())
        .hasMessage("t:1:12: found '1', expected a quoted string");
  }

  @Test
  void minusOfTheRuleLanguageBelongsToItsConstant() {
    var file =
        RuleLanguageParsing.parseRules(
            new SourceText(
                "r", "rule a { match y = A(x, - 2.5) replace y with x within bit_exact }"));
    var inputs =
        file.ruleDefinition(0).matchClause().patternNode(0).patternAlternative(0).patternCall();

    Literal literal = Literal.of(inputs.patternInputs().patternInput(1).constant());

    assertThat(literal.floatValue()).isEqualTo(-2.5f);
    assertThat(literal.range()).hasToString("r:1:25");
  }
}
