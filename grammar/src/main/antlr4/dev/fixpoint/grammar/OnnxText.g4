/*
 * ONNX's textual syntax. Rules carry the names of the BNF in docs/Syntax.md of onnx/onnx, without
 * the hyphens. Where ONNX's own parser accepts more than that document, so does this grammar, and a
 * comment says so; where this grammar goes beyond both, the comment begins with "Extension". Three
 * things that its parser lets pass by accident are errors here: a node without an operator, a domain
 * that begins with a dot, and an initializer with '=' and no data.
 *
 * Every recursion passes through a bracket, so that the bound on nesting (LiteralTokenSource) also
 * bounds the depth of the parse tree.
 */
grammar OnnxText;

import TextLexicon;

/* What a text can be as a whole. */
modelText
  : model EOF
  ;

graphText
  : graph EOF
  ;

functionListText
  : function* EOF
  ;

/* Nodes with or without braces around them. */
nodeListText
  : (nodeList | node*) EOF
  ;

model
  : otherDataList? graph function*
  ;

/* Which keys there are, and what value each takes, is the reader's knowledge. */
otherDataList
  : '<' otherData (',' otherData)* '>'
  ;

otherData
  : id ':' value
  ;

/* The document leaves 'value' open; ONNX's parser takes these, the empty list for imports and properties. */
value
  : intConstant
  | quotedStr
  | '[' ']'
  | opsetImportList
  | strStrList
  ;

opsetImportList
  : '[' opsetImport (',' opsetImport)* ']'
  ;

opsetImport
  : quotedStr ':' intConstant
  ;

strStrList
  : '[' strStr (',' strStr)* ']'
  ;

strStr
  : quotedStr ':' quotedStr
  ;

/* ONNX's parser accepts a graph without the list of inputs, and without that of initializers. */
graph
  : quotableId inputList? '=>' outputList initializerList? nodeList
  ;

inputList
  : '(' valueInfoOrInitializers? ')'
  ;

outputList
  : '(' valueInfos? ')'
  ;

initializerList
  : '<' valueInfoOrInitializers? '>'
  ;

valueInfoOrInitializers
  : valueInfoOrInitializer (',' valueInfoOrInitializer)*
  ;

/* ONNX's parser accepts a value without a type; an initializer needs one. */
valueInfoOrInitializer
  : type? quotableId
  | tensorType quotableId '=' constantData
  ;

constantData
  : internalData
  | externalData
  ;

/* The document's prim-constants between braces: one token. */
internalData
  : BRACED_LITERALS
  ;

externalData
  : strStrList
  ;

valueInfos
  : valueInfo (',' valueInfo)*
  ;

/* ONNX's parser accepts a value without a type. */
valueInfo
  : type? quotableId
  ;

idOrValueInfos
  : idOrValueInfo (',' idOrValueInfo)*
  ;

idOrValueInfo
  : type? quotableId
  ;

type
  : tensorType
  | 'seq' '(' type ')'
  | 'map' '(' primType ',' type ')'
  | 'optional' '(' type ')'
  | 'sparse_tensor' '(' tensorType ')'
  | opaqueType
  ;

/* No brackets: a scalar. Empty brackets: the rank is unknown. */
tensorType
  : primType ('[' tensorDims? ']')?
  ;

tensorDims
  : tensorDim (',' tensorDim)*
  ;

tensorDim
  : '?'
  | quotableId
  | intConstant
  ;

/* One name is the type's name; before a comma stands its domain. */
opaqueType
  : 'opaque' '(' (qualifiedId (',' id)?)? ')'
  ;

primType
  : PRIM_TYPE
  ;

/* The document has one more id before the attributes; ONNX's parser and printer do not. */
function
  : otherDataList? quotableId funAttrList? funInputList '=>' funOutputList funValueInfos? nodeList
  ;

funAttrList
  : '<' funAttr (',' funAttr)* '>'
  ;

/* An attribute without, or with, a default. */
funAttr
  : quotableId
  | attr
  ;

/* ONNX's parser accepts a function without inputs or outputs. */
funInputList
  : '(' idOrValueInfos? ')'
  ;

funOutputList
  : '(' idOrValueInfos? ')'
  ;

/* ONNX's parser accepts values without a type, and none at all. */
funValueInfos
  : '<' valueInfos? '>'
  ;

nodeList
  : '{' node* '}'
  ;

/*
 * ONNX's parser accepts an overload after the operator, and a list of outputs with omitted ones.
 * Attributes stand before or after the inputs, never in both places.
 */
node
  : nodeLabel? quotableIdList '=' operator overload? (attrList nodeInputs | nodeInputs attrList?)
  ;

/* ONNX's parser accepts an empty label. */
nodeLabel
  : '[' quotableId? ']'
  ;

nodeInputs
  : '(' quotableIdList ')'
  ;

/* Extension: parts of a domain or operator that are no identifiers may be quoted. */
operator
  : quotableId ('.' quotableId)*
  ;

overload
  : ':' quotableId
  ;

/*
 * Names of inputs or outputs. ONNX's parser reads nothing before a comma as an omitted input, and
 * nothing after the last comma as nothing: the last slot counts only if it is filled (OnnxNames).
 */
quotableIdList
  : idSlot (',' idSlot)*
  ;

idSlot
  : quotableId?
  ;

attrList
  : '<' attr (',' attr)* '>'
  ;

/* Extension: attribute names may be quoted. */
attr
  : quotableId attrType? '=' attrValue
  ;

attrType
  : ':' id
  ;

attrValue
  : primConstant
  | structuredAttrValue
  | attrValueList
  ;

/*
 * Literals are one token. A list is either all literals or free of them: ONNX's parser drops what
 * does not fit the last element's type, which loses values silently.
 */
attrValueList
  : BRACKETED_LITERALS
  | '[' structuredAttrValue (',' structuredAttrValue)* ']'
  ;

/*
 * ONNX's parser accepts types, which the document forgets, and tensors with external data. Its
 * printer quotes names of graphs that are no identifiers; its parser takes those for strings.
 */
structuredAttrValue
  : tensorConstant
  | type
  | graph
  | attrRef
  ;

tensorConstant
  : tensorType quotableId? '='? constantData
  ;

/* ONNX's parser accepts a quoted name. */
attrRef
  : '@' quotableId
  ;

primConstant
  : INT
  | FLOAT
  | NON_FINITE
  | NEGATIVE_NON_FINITE
  | QUOTED
  ;

intConstant
  : INT
  ;

quotedStr
  : QUOTED
  ;

quotableId
  : id
  | QUOTED
  ;

qualifiedId
  : id ('.' id)*
  ;

/* Words with a meaning elsewhere are names here, as in ONNX's parser. */
id
  : ID
  | PRIM_TYPE
  | NON_FINITE
  | 'seq'
  | 'map'
  | 'optional'
  | 'sparse_tensor'
  | 'opaque'
  ;

SEQ
  : 'seq'
  ;

MAP
  : 'map'
  ;

OPTIONAL
  : 'optional'
  ;

SPARSE_TENSOR
  : 'sparse_tensor'
  ;

OPAQUE
  : 'opaque'
  ;

ARROW
  : '=>'
  ;

AT
  : '@'
  ;

INT
  : '-'? DIGITS
  ;

FLOAT
  : '-'? DECIMAL
  ;

NEGATIVE_NON_FINITE
  : '-' NON_FINITE_WORD
  ;
