using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace ExtShell.Engine.Tests.Architecture;

/// <summary>
/// What every type of a built assembly refers to: in its declaration (base, interfaces, fields, signatures, attributes, constraints) and in
/// the bodies of its methods. Types nested in a type, those that the compiler makes included, count as that type.
/// </summary>
internal sealed class AssemblyReferences : IDisposable
{
    private static readonly (OpCode[] Short, OpCode[] Long) OpCodeTable = MakeOpCodeTable();

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;

    public AssemblyReferences(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _metadata = _file.GetMetadataReader();
    }

    /// <summary>Names of the assemblies that it refers to.</summary>
    public IEnumerable<string> Assemblies =>
        _metadata.AssemblyReferences.Select(handle => _metadata.GetString(_metadata.GetAssemblyReference(handle).Name));

    /// <summary>Every reference from an outermost type to a type, or to a member of one: no pair twice.</summary>
    public IReadOnlyCollection<Reference> All()
    {
        var found = new HashSet<Reference>();
        foreach (TypeDefinitionHandle handle in _metadata.TypeDefinitions)
            new TypeVisitor(this, handle, found).Visit();
        return found;
    }

    public void Dispose() => _file.Dispose();

    private static (OpCode[] Short, OpCode[] Long) MakeOpCodeTable()
    {
        var table = (Short: new OpCode[256], Long: new OpCode[256]);
        foreach (System.Reflection.FieldInfo field in typeof(OpCodes).GetFields())
        {
            if (field.GetValue(null) is OpCode code)
                (code.Size == 1 ? table.Short : table.Long)[code.Value & 0xFF] = code;
        }

        return table;
    }

    /// <summary>One reference; the member is empty where the type alone is named.</summary>
    internal readonly record struct Reference(string FromNamespace, string FromType, string ToNamespace, string ToType, string ToMember)
    {
        public override string ToString() =>
            $"{FromNamespace}.{FromType} -> {ToNamespace}.{ToType}{(ToMember.Length == 0 ? "" : "." + ToMember)}";
    }

    private sealed class TypeVisitor(AssemblyReferences assembly, TypeDefinitionHandle handle, HashSet<Reference> found)
        : ISignatureTypeProvider<object?, object?>
    {
        private readonly MetadataReader _metadata = assembly._metadata;
        private readonly (string Namespace, string Name) _from = NameOf(assembly._metadata, handle);

        public void Visit()
        {
            TypeDefinition type = _metadata.GetTypeDefinition(handle);
            VisitEntity(type.BaseType);
            foreach (InterfaceImplementationHandle implemented in type.GetInterfaceImplementations())
                VisitEntity(_metadata.GetInterfaceImplementation(implemented).Interface);
            VisitParameters(type.GetGenericParameters());
            VisitAttributes(type.GetCustomAttributes());
            foreach (FieldDefinitionHandle field in type.GetFields())
            {
                _metadata.GetFieldDefinition(field).DecodeSignature(this, null);
                VisitAttributes(_metadata.GetFieldDefinition(field).GetCustomAttributes());
            }

            foreach (MethodDefinitionHandle method in type.GetMethods())
                VisitMethod(_metadata.GetMethodDefinition(method));
        }

        private void VisitMethod(MethodDefinition method)
        {
            method.DecodeSignature(this, null);
            VisitParameters(method.GetGenericParameters());
            VisitAttributes(method.GetCustomAttributes());
            if (method.RelativeVirtualAddress == 0)
                return;
            MethodBodyBlock body = assembly._file.GetMethodBody(method.RelativeVirtualAddress);
            if (!body.LocalSignature.IsNil)
                _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(this, null);
            foreach (ExceptionRegion region in body.ExceptionRegions)
                VisitEntity(region.CatchType);
            VisitInstructions(body.GetILReader());
        }

        private void VisitInstructions(BlobReader code)
        {
            while (code.RemainingBytes > 0)
            {
                byte first = code.ReadByte();
                OpCode instruction = first == 0xFE ? OpCodeTable.Long[code.ReadByte()] : OpCodeTable.Short[first];
                switch (instruction.OperandType)
                {
                    case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                        VisitEntity(MetadataTokens.EntityHandle(code.ReadInt32()));
                        break;
                    case OperandType.InlineSwitch:
                        code.Offset += 4 * code.ReadInt32();
                        break;
                    case OperandType.InlineNone:
                        break;
                    case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                        code.Offset += 1;
                        break;
                    case OperandType.InlineVar:
                        code.Offset += 2;
                        break;
                    case OperandType.InlineI8 or OperandType.InlineR:
                        code.Offset += 8;
                        break;
                    default:
                        code.Offset += 4;
                        break;
                }
            }
        }

        private void VisitEntity(EntityHandle entity)
        {
            if (entity.IsNil)
                return;
            switch (entity.Kind)
            {
                case HandleKind.TypeDefinition or HandleKind.TypeReference:
                    Add(entity, "");
                    break;
                case HandleKind.TypeSpecification:
                    _metadata.GetTypeSpecification((TypeSpecificationHandle)entity).DecodeSignature(this, null);
                    break;
                case HandleKind.FieldDefinition:
                    FieldDefinition field = _metadata.GetFieldDefinition((FieldDefinitionHandle)entity);
                    Add(field.GetDeclaringType(), _metadata.GetString(field.Name));
                    break;
                case HandleKind.MethodDefinition:
                    MethodDefinition method = _metadata.GetMethodDefinition((MethodDefinitionHandle)entity);
                    Add(method.GetDeclaringType(), _metadata.GetString(method.Name));
                    break;
                case HandleKind.MethodSpecification:
                    MethodSpecification specification = _metadata.GetMethodSpecification((MethodSpecificationHandle)entity);
                    specification.DecodeSignature(this, null);
                    VisitEntity(specification.Method);
                    break;
                case HandleKind.MemberReference:
                    VisitMember(_metadata.GetMemberReference((MemberReferenceHandle)entity));
                    break;
            }
        }

        private void VisitMember(MemberReference member)
        {
            if (member.Parent.Kind is HandleKind.TypeDefinition or HandleKind.TypeReference)
                Add(member.Parent, _metadata.GetString(member.Name));
            else
                VisitEntity(member.Parent);
            if (member.Parent.Kind == HandleKind.TypeSpecification)
                AddMemberOfGeneric((TypeSpecificationHandle)member.Parent, _metadata.GetString(member.Name));
            if (member.GetKind() == MemberReferenceKind.Field)
                member.DecodeFieldSignature(this, null);
            else
                member.DecodeMethodSignature(this, null);
        }

        private void AddMemberOfGeneric(TypeSpecificationHandle parent, string member)
        {
            BlobReader signature = _metadata.GetBlobReader(_metadata.GetTypeSpecification(parent).Signature);
            if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
                return;
            signature.ReadByte(); // class or value type
            Add(signature.ReadTypeHandle(), member);
        }

        private void VisitParameters(GenericParameterHandleCollection parameters)
        {
            foreach (GenericParameterHandle parameter in parameters)
            {
                foreach (GenericParameterConstraintHandle constraint in _metadata.GetGenericParameter(parameter).GetConstraints())
                    VisitEntity(_metadata.GetGenericParameterConstraint(constraint).Type);
            }
        }

        private void VisitAttributes(CustomAttributeHandleCollection attributes)
        {
            foreach (CustomAttributeHandle attribute in attributes)
                VisitEntity(_metadata.GetCustomAttribute(attribute).Constructor);
        }

        private void Add(EntityHandle type, string member)
        {
            (string toNamespace, string toName) = NameOf(_metadata, type);
            found.Add(new Reference(_from.Namespace, _from.Name, toNamespace, toName, member));
        }

        private static (string Namespace, string Name) NameOf(MetadataReader metadata, EntityHandle entity)
        {
            if (entity.Kind == HandleKind.TypeDefinition)
            {
                TypeDefinition type = metadata.GetTypeDefinition((TypeDefinitionHandle)entity);
                while (!type.GetDeclaringType().IsNil)
                    type = metadata.GetTypeDefinition(type.GetDeclaringType());
                return (metadata.GetString(type.Namespace), metadata.GetString(type.Name));
            }

            TypeReference reference = metadata.GetTypeReference((TypeReferenceHandle)entity);
            while (reference.ResolutionScope.Kind == HandleKind.TypeReference)
                reference = metadata.GetTypeReference((TypeReferenceHandle)reference.ResolutionScope);
            return (metadata.GetString(reference.Namespace), metadata.GetString(reference.Name));
        }

        public object? GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => AddType(handle);

        public object? GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => AddType(handle);

        public object? GetTypeFromSpecification(
            MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public object? GetArrayType(object? elementType, ArrayShape shape) => null;

        public object? GetByReferenceType(object? elementType) => null;

        public object? GetFunctionPointerType(MethodSignature<object?> signature) => null;

        public object? GetGenericInstantiation(object? genericType, ImmutableArray<object?> typeArguments) => null;

        public object? GetGenericMethodParameter(object? genericContext, int index) => null;

        public object? GetGenericTypeParameter(object? genericContext, int index) => null;

        public object? GetModifiedType(object? modifier, object? unmodifiedType, bool isRequired) => null;

        public object? GetPinnedType(object? elementType) => null;

        public object? GetPointerType(object? elementType) => null;

        public object? GetPrimitiveType(PrimitiveTypeCode typeCode) => null;

        public object? GetSZArrayType(object? elementType) => null;

        private object? AddType(EntityHandle type)
        {
            Add(type, "");
            return null;
        }
    }
}
