package dev.fixpoint.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is written in a list is what is read from it, bit by bit. */
class LiteralPropertiesTest {

  private static LiteralList list(List<String> literals) {
    String text = "y = A <x = [" + String.join(",\n ", literals) + "]> ()";
    var node = OnnxTextParsing.parseNodes(new SourceText("t", text)).node(0);
    return LiteralList.of(node.attrList().attr(0).attrValue().attrValueList());
  }

  @Property
  void floatsComeBackBitByBit(@ForAll List<Float> values) {
    LiteralList list = list(values.stream().map(Object::toString).toList());

    assertThat(list.size()).isEqualTo(values.size());
    for (int i = 0; i < values.size(); i++) {
      assertThat(Float.floatToIntBits(list.floatAt(i)))
          .isEqualTo(Float.floatToIntBits(values.get(i)));
    }
  }

  @Property
  void doublesComeBackBitByBit(@ForAll List<Double> values) {
    LiteralList list = list(values.stream().map(Object::toString).toList());

    assertThat(list.size()).isEqualTo(values.size());
    for (int i = 0; i < values.size(); i++) {
      assertThat(Double.doubleToLongBits(list.doubleAt(i)))
          .isEqualTo(Double.doubleToLongBits(values.get(i)));
    }
  }

  @Property
  void integersComeBackSignedAndUnsigned(@ForAll List<Long> values) {
    LiteralList signed = list(values.stream().map(Object::toString).toList());
    LiteralList unsigned = list(values.stream().map(Long::toUnsignedString).toList());

    for (int i = 0; i < values.size(); i++) {
      assertThat(signed.longAt(i)).isEqualTo(values.get(i));
      assertThat(unsigned.unsignedLongAt(i)).isEqualTo(values.get(i));
    }
  }

  @Property
  void stringsComeBackCharacterByCharacter(@ForAll List<String> values) {
    LiteralList list = list(values.stream().map(Spelling::quoted).toList());

    assertThat(list.size()).isEqualTo(values.size());
    for (int i = 0; i < values.size(); i++) {
      assertThat(list.stringAt(i)).isEqualTo(values.get(i));
    }
  }

  @Property
  void namesComeBackInWhateverCharacters(@ForAll List<String> names) {
    String inputs = names.stream().map(Spelling::quoted).collect(Collectors.joining(", "));
    var nodes = OnnxTextParsing.parseNodes(new SourceText("t", "y = A (" + inputs + ")"));

    assertThat(OnnxNames.namesIn(nodes.node(0).nodeInputs().quotableIdList())).isEqualTo(names);
  }
}
