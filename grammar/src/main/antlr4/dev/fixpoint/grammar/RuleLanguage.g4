/*
 * The rule language: one rewrite per rule, with the operators of its pattern and of its replacement
 * in the syntax of ONNX text. The language has no semantics of its own: what a name means, and
 * whether a condition, a function or a contract exists, the loader knows.
 *
 * Every recursion passes through a bracket, so that the bound on nesting (LiteralTokenSource) also
 * bounds the depth of the parse tree; chains of operators are lists, not trees.
 */
grammar RuleLanguage;

import TextLexicon;

ruleFile
  : ruleDefinition* EOF
  ;

/* The clause 'within' names the error contract and cannot be left out. */
ruleDefinition
  : 'rule' ruleName '{'
      docClause? opsetClause? benefitClause?
      matchClause (whereClause | letClause)* replaceClause withinClause
    '}'
  ;

/* Words and numbers joined by hyphens, without blanks: fold-batch-norm-into-conv, relu-6-to-clip. */
ruleName
  : ruleNamePart ('-' ruleNamePart)*
  ;

ruleNamePart
  : INT? (id | reservedWord)
  | INT
  ;

docClause
  : 'doc' QUOTED
  ;

/* opset >= 13, < 21, "com.microsoft" >= 1 */
opsetClause
  : 'opset' opsetGuard (',' opsetGuard)*
  ;

/* The version of a domain (of the default domain without a string). */
opsetGuard
  : QUOTED? comparisonOperator INT
  ;

/* Which rule goes first where several match. */
benefitClause
  : 'benefit' INT
  ;

/*
 * The first node is the root; the others say what its operands are, by name, in any order. A name
 * that no node defines is a free value; a name that occurs twice is the same value.
 */
matchClause
  : 'match' patternNode+
  ;

/* Alternatives are tried from left to right; names of an alternative not taken are absent. */
patternNode
  : patternOutputs '=' patternAlternative ('|' patternAlternative)*
  ;

/* Leading outputs always have a name, so that a comma never joins two nodes. */
patternOutputs
  : patternValue (',' patternValue?)*
  ;

patternAlternative
  : patternCall
  | constant
  | id
  ;

patternCall
  : operator (patternAttrList patternInputs | patternInputs patternAttrList?)
  ;

patternInputs
  : '(' patternInput (',' patternInput)* ')'
  ;

/* Nothing: the input must be absent. A constant: a constant all of whose elements equal it. */
patternInput
  : (patternValue | constant)?
  ;

/* x? may be absent; xs... is the rest of the list, possibly empty. */
patternValue
  : id ('?' | '...')?
  ;

patternAttrList
  : '<' patternAttr (',' patternAttr)* '>'
  ;

/* The attribute, or its default, equals this. */
patternAttr
  : attributeName attrType? '=' patternAttrValue
  ;

patternAttrValue
  : constant
  | constantList
  | tensorConstant
  ;

constantList
  : '[' (constant (',' constant)*)? ']'
  ;

/* All conditions must hold. */
whereClause
  : 'where' expression (',' expression)*
  ;

letClause
  : 'let' letBinding (',' letBinding)*
  ;

letBinding
  : letTarget '=' expression
  ;

/* Names in parentheses take the results of a function one by one. */
letTarget
  : id
  | '(' id (',' id)* ')'
  ;

/* Outputs of the matched nodes, and what takes their place, in the same order. */
replaceClause
  : 'replace' id (',' id)* 'with' replacement
  ;

/* Values that exist, one new node, or several of which some define the replaced values by name. */
replacement
  : id (',' id)*
  | replacementCall
  | '{' replacementNode+ '}'
  ;

replacementNode
  : id (',' id?)* '=' replacementCall
  ;

/* Attributes that are written win over those that are copied. */
replacementCall
  : operator (attrList replacementInputs | replacementInputs attrList?) copiedAttributes?
  ;

replacementInputs
  : '(' replacementInput (',' replacementInput)* ')'
  ;

/* A number takes the element type of the node's other inputs. */
replacementInput
  : (id '...'? | constant)?
  ;

/* { attributes of conv }, { attributes of conv except pads, auto_pad } */
copiedAttributes
  : '{' 'attributes' 'of' id ('except' attributeName (',' attributeName)*)? '}'
  ;

attrList
  : '<' attr (',' attr)* '>'
  ;

attr
  : attributeName attrType? '=' attrOperand
  ;

/* Anything with an operator or a call goes in parentheses: here '>' ends the list of attributes. */
attrOperand
  : constant
  | tensorConstant
  | list
  | reference
  | '(' expression ')'
  ;

attrType
  : ':' id
  ;

/* within lsb(1) */
withinClause
  : 'within' contract
  ;

contract
  : id arguments?
  ;

/* Logic over comparisons over arithmetic; '-' and 'not' bind one operand and are not doubled. */
expression
  : conjunction ('or' conjunction)*
  ;

conjunction
  : negation ('and' negation)*
  ;

negation
  : 'not'? comparison
  ;

comparison
  : sum (comparisonOperator sum)?
  ;

comparisonOperator
  : '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  ;

sum
  : product (('+' | '-') product)*
  ;

product
  : signed (('*' | '/' | '%') signed)*
  ;

signed
  : '-'? primary
  ;

primary
  : literal
  | tensorConstant
  | list
  | call
  | reference
  | '(' expression ')'
  ;

/* An ONNX operator, a condition or a native function. */
call
  : operator (attrList arguments | arguments attrList?)
  ;

/* Nothing: an input that the operator omits. */
arguments
  : '(' argument (',' argument)* ')'
  ;

argument
  : expression?
  ;

list
  : '[' (expression (',' expression)*)? ']'
  ;

/* A value, a constant bound by 'let', an element type; or an attribute of a node: y.epsilon. */
reference
  : id ('.' attributeName)?
  ;

tensorConstant
  : tensorType BRACED_LITERALS
  ;

/* Numbers only: a tensor's size is known. */
tensorType
  : PRIM_TYPE ('[' INT (',' INT)* ']')?
  ;

constant
  : '-'? (INT | FLOAT | NON_FINITE)
  | QUOTED
  ;

literal
  : INT
  | FLOAT
  | NON_FINITE
  | QUOTED
  ;

/* Parts of a domain that are no identifiers may be quoted. */
operator
  : operatorPart ('.' operatorPart)*
  ;

operatorPart
  : id
  | QUOTED
  ;

attributeName
  : id
  | QUOTED
  ;

/* Words that stand in one place only are names everywhere else. */
id
  : ID
  | PRIM_TYPE
  | 'rule'
  | 'doc'
  | 'opset'
  | 'benefit'
  | 'attributes'
  | 'of'
  | 'except'
  ;

reservedWord
  : 'match'
  | 'where'
  | 'let'
  | 'replace'
  | 'with'
  | 'within'
  | 'and'
  | 'or'
  | 'not'
  | NON_FINITE
  ;

RULE
  : 'rule'
  ;

DOC
  : 'doc'
  ;

OPSET
  : 'opset'
  ;

BENEFIT
  : 'benefit'
  ;

ATTRIBUTES
  : 'attributes'
  ;

OF
  : 'of'
  ;

EXCEPT
  : 'except'
  ;

MATCH
  : 'match'
  ;

WHERE
  : 'where'
  ;

LET
  : 'let'
  ;

REPLACE
  : 'replace'
  ;

WITH
  : 'with'
  ;

WITHIN
  : 'within'
  ;

AND
  : 'and'
  ;

OR
  : 'or'
  ;

NOT
  : 'not'
  ;

EQUAL
  : '=='
  ;

NOT_EQUAL
  : '!='
  ;

LESS_OR_EQUAL
  : '<='
  ;

GREATER_OR_EQUAL
  : '>='
  ;

PLUS
  : '+'
  ;

MINUS
  : '-'
  ;

TIMES
  : '*'
  ;

DIVIDE
  : '/'
  ;

MODULO
  : '%'
  ;

BAR
  : '|'
  ;

ELLIPSIS
  : '...'
  ;

INT
  : DIGITS
  ;

FLOAT
  : DECIMAL
  ;
