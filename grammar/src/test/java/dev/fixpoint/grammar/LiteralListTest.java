package dev.fixpoint.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LiteralListTest {

  private static LiteralList list(String literals) {
    var text = new SourceText("t", "g () => () <float x = " + literals + "> {}");
    var graph = OnnxTextParsing.parseGraph(text);
    var values = graph.initializerList().valueInfoOrInitializers();
    return LiteralList.of(values.valueInfoOrInitializer(0).constantData().internalData());
  }

  private static LiteralList attribute(String literals) {
    var nodes = OnnxTextParsing.parseNodes(new SourceText("t", "y = A <x = " + literals + "> ()"));
    var value = nodes.node(0).attrList().attr(0).attrValue();
    return LiteralList.of(value.attrValueList().BRACKETED_LITERALS());
  }

  @Test
  void integersAreExactOverAllSixtyFourBits() {
    LiteralList list = list("{9223372036854775807, -9223372036854775808, 9007199254740993}");

    assertThat(list.kind()).isEqualTo(LiteralKind.INTEGER);
    assertThat(list.longAt(0)).isEqualTo(Long.MAX_VALUE);
    assertThat(list.longAt(1)).isEqualTo(Long.MIN_VALUE);
    assertThat(list.longAt(2)).isEqualTo((1L << 53) + 1);
  }

  @Test
  void unsignedIntegersAreTheirBits() {
    LiteralList list = list("{18446744073709551615, 9223372036854775808, 0}");

    assertThat(list.unsignedLongAt(0)).isEqualTo(-1);
    assertThat(list.unsignedLongAt(1)).isEqualTo(Long.MIN_VALUE);
    assertThat(list.unsignedLongAt(2)).isZero();
  }

  @Test
  void float32IsRoundedOnceAndNotByWayOfDouble() {
    // Just above the middle of 1 and its successor; the nearest double is the middle itself.
    String aboveTie = "1.00000005960464477539062500000001";
    LiteralList list = list("{" + aboveTie + "}");

    assertThat((float) Double.parseDouble(aboveTie)).isEqualTo(1f);
    assertThat(list.floatAt(0)).isEqualTo(Math.nextUp(1f));
  }

  @Test
  void specialNumbersKeepTheirBits() {
    LiteralList list = list("{nan, -NaN, inf, -Infinity, -0, -0.0, 1e-45, 4.9e-324}");

    assertThat(list.kind()).isEqualTo(LiteralKind.FLOAT);
    assertThat(Float.floatToRawIntBits(list.floatAt(0))).isEqualTo(0x7FC00000);
    assertThat(Float.floatToRawIntBits(list.floatAt(1))).isEqualTo(0xFFC00000);
    assertThat(Double.doubleToRawLongBits(list.doubleAt(1))).isEqualTo(0xFFF8L << 48);
    assertThat(list.floatAt(2)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(list.doubleAt(3)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(Float.floatToRawIntBits(list.floatAt(4))).isEqualTo(0x80000000);
    assertThat(Double.doubleToRawLongBits(list.doubleAt(5))).isEqualTo(Long.MIN_VALUE);
    assertThat(list.floatAt(6)).isEqualTo(Float.MIN_VALUE);
    assertThat(list.doubleAt(7)).isEqualTo(Double.MIN_VALUE);
  }

  @Test
  void stringsLoseQuotesAndEscapes() {
    LiteralList list = attribute("[\"\", \"a \\\"b\\\" \\\\ \\n\", # comment\n \"c\nd\"]");

    assertThat(list.kind()).isEqualTo(LiteralKind.STRING);
    assertThat(list.size()).isEqualTo(3);
    assertThat(list.stringAt(0)).isEmpty();
    assertThat(list.stringAt(1)).isEqualTo("a \"b\" \\ n");
    assertThat(list.stringAt(2)).isEqualTo("c\nd");
  }

  @Test
  void oneFloatAmongIntegersMakesTheListFloats() {
    assertThat(attribute("[1, 2]").kind()).isEqualTo(LiteralKind.INTEGER);
    assertThat(attribute("[1, 2.]").kind()).isEqualTo(LiteralKind.FLOAT);
    assertThat(attribute("[1, 2e0]").kind()).isEqualTo(LiteralKind.FLOAT);
    assertThat(attribute("[1, inf]").kind()).isEqualTo(LiteralKind.FLOAT);
    assertThat(attribute("[]").kind()).isEqualTo(LiteralKind.INTEGER);
    assertThat(attribute("[]").size()).isZero();
  }

  @Test
  void elementOfTheWrongTypeIsReportedAtItsPlace() {
    LiteralList list = list("{1,\n  2.5,\n  9223372036854775808, 1e39, 1e309}");

    assertThatThrownBy(() -> list.longAt(1))
        .isInstanceOf(SyntaxException.class)
        .hasMessage("t:2:3: found '2.5', expected an integer");
    assertThatThrownBy(() -> list.longAt(2))
        .hasMessage("t:3:3: found '9223372036854775808', expected an integer within int64");
    assertThatThrownBy(() -> list.floatAt(3))
        .hasMessage("t:3:24: found '1e39', expected a number within float32");
    assertThatThrownBy(() -> list.doubleAt(4))
        .hasMessage("t:3:30: found '1e309', expected a number within float64");
    assertThatThrownBy(() -> list.stringAt(0))
        .hasMessage("t:1:24: found '1', expected a quoted string");
  }

  @Test
  void signIsNoPartOfAnUnsignedInteger() {
    LiteralList list = list("{-1, 18446744073709551616}");

    assertThatThrownBy(() -> list.unsignedLongAt(0))
        .hasMessage("t:1:24: found '-1', expected an integer within uint64");
    assertThatThrownBy(() -> list.unsignedLongAt(1))
        .hasMessage("t:1:28: found '18446744073709551616', expected an integer within uint64");
  }

  @Test
  void stringIsNoNumber() {
    LiteralList list = attribute("[\"1\"]");

    assertThatThrownBy(() -> list.floatAt(0))
        .hasMessage("t:1:13: found '\"1\"', expected a number");
    assertThatThrownBy(() -> list.doubleAt(0))
        .hasMessage("t:1:13: found '\"1\"', expected a number");
    assertThatThrownBy(() -> list.longAt(0))
        .hasMessage("t:1:13: found '\"1\"', expected an integer");
  }

  @Test
  void elementsAndListKnowTheirPlaces() {
    LiteralList list = list("{\n 1,\n -2.5 }");

    assertThat(list.range()).hasToString("t:1:23");
    assertThat(list.rangeAt(1)).hasToString("t:3:2");
    assertThat(list.rangeAt(1).end() - list.rangeAt(1).start()).isEqualTo(4);
    assertThat(list.literalAt(1))
        .isEqualTo(new Literal(LiteralKind.FLOAT, "-2.5", list.rangeAt(1)));
    assertThat(list).hasToString("2 literals at t:1:23");
  }

  @Test
  void placesBehindAListOfManyLinesAreRight() {
    var text = new SourceText("t", "g (float[2] x = {1,\n2\n}, float y, ?) => () {}");

    assertThatThrownBy(() -> OnnxTextParsing.parseGraph(text))
        .hasMessage("t:3:13: found '?', expected a type or a name");
  }
}
