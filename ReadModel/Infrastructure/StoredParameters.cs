using System.Data;
using System.Data.Common;
using Dapper;

namespace Lms.ReadModel.Infrastructure;

/// <summary>The parameters of a question, with texts as the database has them.</summary>
internal sealed class StoredParameters(object parameters) : SqlMapper.IDynamicParameters
{
    public void AddParameters(IDbCommand command, SqlMapper.Identity identity)
    {
        SqlMapper.IDynamicParameters inner = parameters as DynamicParameters ?? new DynamicParameters(parameters);
        inner.AddParameters(command, identity);
        foreach (DbParameter parameter in command.Parameters)
        {
            if (parameter.Value is string text)
            {
                parameter.Value = StoredText.Of(text);
            }
        }
    }
}
